import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import type { DecodeResult } from '../decode-error.ts';
import { WireEncodeError } from '../encode-error.ts';
import { maxMessageBytes } from '../limits.ts';
import { decoded, malformed } from './service-result.ts';

/**
 * What the messages of all demo services begin with (reference/rsplib.md section 2.10).
 *
 *      0                   1                   2                   3
 *     |     Type      |     Flags     |            Length             |
 *
 * The length counts the header; nothing is padded.
 */
export interface ServiceMessage {
  readonly type: number;
  readonly flags: number;
  /** What follows the header; its positions count from the begin of the message. */
  readonly body: ByteReader;
}

const serviceHeaderBytes = 4;

/** Reads the header. The message must be as long as it says. */
export function readServiceMessage(data: Uint8Array): DecodeResult<ServiceMessage> {
  const body = new ByteReader(data);
  const type = body.u8();
  const flags = body.u8();
  const length = body.u16();
  if (body.short)
    return malformed(data, 0, `header of ${serviceHeaderBytes} bytes expected, got ${data.length}`);
  if (length !== data.length)
    return malformed(data, 2, `length field says ${length}, message has ${data.length} bytes`);
  return decoded({ type, flags, body });
}

/**
 * Makes a message of a header and what `writeBody` writes.
 * @throws WireEncodeError `too-long` where that is more than the length field can say
 */
export function serviceMessage(
  type: number,
  flags: number,
  writeBody: (writer: ByteWriter) => void,
): Uint8Array {
  const writer = new ByteWriter();
  writer.u8(type);
  writer.u8(flags);
  writer.u16(0);
  writeBody(writer);
  if (writer.length > maxMessageBytes)
    throw new WireEncodeError(
      'too-long',
      `service message of ${writer.length} bytes, at most ${maxMessageBytes} fit`,
    );
  writer.patchU16(2, writer.length);
  return writer.finish();
}
