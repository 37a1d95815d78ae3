import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import type { DecodeResult } from '../decode-error.ts';
import { textBytes } from '../text.ts';
import { decoded, malformed } from './service-result.ts';
import { readServiceMessage, serviceMessage } from './service-message.ts';

/** Payload protocol identifier of the ping-pong protocol. */
export const pingPongPpid = 33;

/** Pool user to pool element: answer this. Message number 8 bytes, data. */
export interface Ping {
  readonly type: 'ping';
  /** Counted by the pool user, from 1. */
  readonly messageNumber: bigint;
  readonly data: Uint8Array;
}

/** The answer. Message number 8 bytes, reply number 8 bytes, data. */
export interface Pong {
  readonly type: 'pong';
  /** Of the ping. */
  readonly messageNumber: bigint;
  /** Counted over the session, from 1: a pool element that takes over goes on where the cookie says. */
  readonly replyNumber: bigint;
  /** Of the ping. */
  readonly data: Uint8Array;
}

/** Any message of the ping-pong protocol (reference/rsplib.md section 2.10). */
export type PingPongMessage = Ping | Pong;

/** State cookie of a ping-pong session: `<PP-TD1>`, number of the next reply 8 bytes (RSPLIB sends 2 after its first reply). */
export interface PingPongCookie {
  readonly nextReplyNumber: bigint;
}

const MessageType = { ping: 1, pong: 2 } as const;
const cookieId = textBytes('<PP-TD1>');

export function decodePingPong(data: Uint8Array): DecodeResult<PingPongMessage> {
  const header = readServiceMessage(data);
  if (!header.ok) return header;
  const { type, body } = header.message;
  if (type !== MessageType.ping && type !== MessageType.pong)
    return malformed(data, 0, `ping-pong message of type ${type}, expected 1 or 2`);
  const messageNumber = body.u64();
  const replyNumber = type === MessageType.pong ? body.u64() : 0n;
  if (body.short)
    return malformed(data, data.length, `ping-pong message of type ${type} cut to ${data.length} bytes`);
  const content = body.bytes(body.remaining);
  if (type === MessageType.ping) return decoded({ type: 'ping', messageNumber, data: content });
  return decoded({ type: 'pong', messageNumber, replyNumber, data: content });
}

/** @throws WireEncodeError `too-long` where the data do not fit a message of 65,535 bytes */
export function encodePingPong(message: PingPongMessage): Uint8Array {
  return serviceMessage(MessageType[message.type], 0, (writer) => {
    writer.u64(message.messageNumber);
    if (message.type === 'pong') writer.u64(message.replyNumber);
    writer.bytes(message.data);
  });
}

export function decodePingPongCookie(cookie: Uint8Array): DecodeResult<PingPongCookie> {
  const reader = new ByteReader(cookie);
  const id = reader.bytes(cookieId.length);
  const nextReplyNumber = reader.u64();
  if (reader.short || reader.remaining > 0 || !cookieId.every((byte, index) => byte === id[index]))
    return malformed(
      cookie,
      0,
      `ping-pong cookie of ${cookie.length} bytes, expected 16 that begin with <PP-TD1>`,
    );
  return decoded({ nextReplyNumber });
}

export function encodePingPongCookie(cookie: PingPongCookie): Uint8Array {
  const writer = new ByteWriter();
  writer.bytes(cookieId);
  writer.u64(cookie.nextReplyNumber);
  return writer.finish();
}
