import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import type { DecodeResult } from '../decode-error.ts';
import { decoded, malformed } from './service-result.ts';
import { readServiceMessage, serviceMessage } from './service-message.ts';

/** Payload protocol identifier of the calculation application protocol. */
export const calcAppPpid = 34;

/** A job and how far it has come; also the state cookie of its session: 20 bytes of job id 4, job size 8, completed 8. */
export interface CalcAppJob {
  readonly jobId: number;
  /** In calculations. 0 in messages that do not tell it (accept, keep-alives). */
  readonly jobSize: bigint;
  /** In calculations. */
  readonly completed: bigint;
}

/**
 * Any message of the calculation application protocol (reference/rsplib.md section 2.10): header, job id 4, job size 8,
 * completed 8 bytes. The pool user sends request, abort and keep-alive-ack, the pool element the others.
 */
export interface CalcAppMessage extends CalcAppJob {
  readonly type: (typeof types)[number];
}

/** In the order of their numbers, from 1. */
const types = ['request', 'accept', 'reject', 'abort', 'complete', 'keep-alive', 'keep-alive-ack'] as const;

export function decodeCalcApp(data: Uint8Array): DecodeResult<CalcAppMessage> {
  const header = readServiceMessage(data);
  if (!header.ok) return header;
  const { type, body } = header.message;
  const name = types[type - 1];
  if (name === undefined) return malformed(data, 0, `calcapp message of type ${type}, expected 1 to 7`);
  const job = readJob(body);
  if (job === undefined) return malformed(data, 4, `calcapp message of ${data.length} bytes, expected 24`);
  return decoded({ type: name, ...job });
}

export function encodeCalcApp(message: CalcAppMessage): Uint8Array {
  return serviceMessage(types.indexOf(message.type) + 1, 0, (writer) => writeJob(writer, message));
}

export function decodeCalcAppCookie(cookie: Uint8Array): DecodeResult<CalcAppJob> {
  const job = readJob(new ByteReader(cookie));
  return job ? decoded(job) : malformed(cookie, 0, `calcapp cookie of ${cookie.length} bytes, expected 20`);
}

export function encodeCalcAppCookie(job: CalcAppJob): Uint8Array {
  const writer = new ByteWriter();
  writeJob(writer, job);
  return writer.finish();
}

/** The job that all remaining bytes are. */
function readJob(reader: ByteReader): CalcAppJob | undefined {
  const job = { jobId: reader.u32(), jobSize: reader.u64(), completed: reader.u64() };
  return reader.short || reader.remaining > 0 ? undefined : job;
}

function writeJob(writer: ByteWriter, job: CalcAppJob): void {
  writer.u32(job.jobId);
  writer.u64(job.jobSize);
  writer.u64(job.completed);
}
