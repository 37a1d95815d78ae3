import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { fieldText, textFieldBytes } from '../bytes/text-field.ts';
import type { DecodeResult } from '../decode-error.ts';
import { WireEncodeError } from '../encode-error.ts';
import { decoded, malformed } from './service-result.ts';
import { readServiceMessage, serviceMessage } from './service-message.ts';

/** Payload protocol identifier of the scripting service protocol. */
export const scriptingPpid = 35;
/** Data that RSPLIB takes in one upload or download message. */
export const scriptingMaxDataBytes = 16_384;
/** Information text in Ready and Not Ready. */
export const scriptingMaxInfoBytes = 64;
/** A SHA-1. */
export const environmentHashBytes = 20;
/** Why a pool element is not ready. */
export const NotReadyReason = { full: 1, outOfResources: 2 } as const;

/** The pool element takes no job. Reason 4 bytes, information. */
export interface ScriptingNotReady {
  readonly type: 'not-ready';
  /** See {@link NotReadyReason}. */
  readonly reason: number;
  /** For people; cut to {@link scriptingMaxInfoBytes}. */
  readonly info: string;
}

/** The pool element waits for a job. Information: its host name. */
export interface ScriptingReady {
  readonly type: 'ready';
  /** Cut to {@link scriptingMaxInfoBytes}. */
  readonly info: string;
}

/** A part of the job's input (upload) or output (download); empty: that was all. */
export interface ScriptingTransfer {
  readonly type: 'upload' | 'download';
  /** At most {@link scriptingMaxDataBytes}. */
  readonly data: Uint8Array;
}

export interface ScriptingKeepAlive {
  readonly type: 'keep-alive';
}

export interface ScriptingKeepAliveAck {
  readonly type: 'keep-alive-ack';
  /** 4 bytes that RSPLIB's client leaves out. */
  readonly status?: number;
}

/** How the upload or the job ended: 0 is success. */
export interface ScriptingStatus {
  readonly type: 'status';
  readonly status: number;
}

/** The environment of the job, an archive that many jobs share. Pool user: do you have it? Pool element: send it, or not. */
export interface ScriptingEnvironment {
  readonly type: 'environment';
  /** Flag 1. */
  readonly uploadNeeded: boolean;
  /** SHA-1 of the archive. */
  readonly hash: Uint8Array;
}

/** Any message of the scripting service protocol (reference/rsplib.md section 2.10). */
export type ScriptingMessage =
  | ScriptingNotReady
  | ScriptingReady
  | ScriptingTransfer
  | ScriptingKeepAlive
  | ScriptingKeepAliveAck
  | ScriptingStatus
  | ScriptingEnvironment;

const MessageType = {
  'not-ready': 0,
  ready: 1,
  upload: 2,
  download: 3,
  'keep-alive': 4,
  'keep-alive-ack': 5,
  status: 6,
  environment: 7,
} as const;
const uploadNeededFlag = 1;

export function decodeScripting(data: Uint8Array): DecodeResult<ScriptingMessage> {
  const header = readServiceMessage(data);
  if (!header.ok) return header;
  const { type, flags, body } = header.message;
  const message = readBody(type, flags, body);
  if (message === undefined) return malformed(data, 0, `scripting message of type ${type}, expected 0 to 7`);
  if (body.short || body.remaining > 0)
    return malformed(
      data,
      4,
      `scripting message ${message.type} of ${data.length} bytes is too short or too long`,
    );
  return decoded(message);
}

function readBody(type: number, flags: number, body: ByteReader): ScriptingMessage | undefined {
  switch (type) {
    case MessageType['not-ready']:
      return { type: 'not-ready', reason: body.u32(), info: readInfo(body) };
    case MessageType.ready:
      return { type: 'ready', info: readInfo(body) };
    case MessageType.upload:
      return { type: 'upload', data: readUpTo(body, scriptingMaxDataBytes) };
    case MessageType.download:
      return { type: 'download', data: readUpTo(body, scriptingMaxDataBytes) };
    case MessageType['keep-alive']:
      return { type: 'keep-alive' };
    case MessageType['keep-alive-ack']:
      return body.remaining === 0
        ? { type: 'keep-alive-ack' }
        : { type: 'keep-alive-ack', status: body.u32() };
    case MessageType.status:
      return { type: 'status', status: body.u32() };
    case MessageType.environment: {
      const uploadNeeded = (flags & uploadNeededFlag) !== 0;
      return { type: 'environment', uploadNeeded, hash: body.bytes(environmentHashBytes) };
    }
    default:
      return undefined;
  }
}

/** @throws WireEncodeError `too-long` for data beyond {@link scriptingMaxDataBytes} or a hash of another size */
export function encodeScripting(message: ScriptingMessage): Uint8Array {
  const flags = message.type === 'environment' && message.uploadNeeded ? uploadNeededFlag : 0;
  return serviceMessage(MessageType[message.type], flags, (writer) => writeBody(writer, message));
}

function writeBody(writer: ByteWriter, message: ScriptingMessage): void {
  switch (message.type) {
    case 'not-ready':
      writer.u32(message.reason);
      writer.bytes(textFieldBytes(message.info, scriptingMaxInfoBytes));
      break;
    case 'ready':
      writer.bytes(textFieldBytes(message.info, scriptingMaxInfoBytes));
      break;
    case 'upload':
    case 'download':
      if (message.data.length > scriptingMaxDataBytes)
        throw new WireEncodeError(
          'too-long',
          `${message.type} of ${message.data.length} bytes, at most ${scriptingMaxDataBytes} fit`,
        );
      writer.bytes(message.data);
      break;
    case 'keep-alive':
      break;
    case 'keep-alive-ack':
      if (message.status !== undefined) writer.u32(message.status);
      break;
    case 'status':
      writer.u32(message.status);
      break;
    case 'environment':
      if (message.hash.length !== environmentHashBytes)
        throw new WireEncodeError(
          'too-long',
          `environment hash of ${message.hash.length} bytes, expected ${environmentHashBytes}`,
        );
      writer.bytes(message.hash);
      break;
  }
}

function readInfo(body: ByteReader): string {
  return fieldText(readUpTo(body, scriptingMaxInfoBytes));
}

/** All remaining bytes, or the first of them where there are too many: the rest is an error to the caller. */
function readUpTo(body: ByteReader, maxBytes: number): Uint8Array {
  return body.bytes(Math.min(body.remaining, maxBytes));
}
