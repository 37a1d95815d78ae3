import { crc32 } from 'node:zlib';

/**
 * The application's protocol of the endurance run: numbered requests, each answered with a hash over all requests of the session so
 * far. Plain TCP does not detect what a network corrupts, so each message ends with a CRC-32 of its own.
 */

/** What both ends know of a session beyond its number of requests. */
interface Numbered {
  /** Of the session: an answer of another session is not taken for one of this. */
  readonly nonce: number;
  /** From 1. */
  readonly number: number;
}

export interface Request extends Numbered {
  readonly payload: Uint8Array;
}

export interface Answer extends Numbered {
  /** 'expected': the request with this number must come first; the hash is that of the request before. */
  readonly type: 'answer' | 'expected';
  readonly hash: number;
}

const typeCodes = { request: 1, answer: 2, expected: 3 } as const;
const headerBytes = 9;
const crcBytes = 4;

/** The hash after one more request. */
export function nextHash(hash: number, payload: Uint8Array): number {
  return crc32(payload, hash);
}

export function encodeRequest({ nonce, number, payload }: Request): Uint8Array {
  const bytes = new Uint8Array(headerBytes + payload.length + crcBytes);
  writeHeader(bytes, typeCodes.request, { nonce, number });
  bytes.set(payload, headerBytes);
  return sealed(bytes);
}

/** @returns undefined for what is no request, or was corrupted */
export function decodeRequest(bytes: Uint8Array): Request | undefined {
  if (!isIntact(bytes) || bytes[0] !== typeCodes.request) return undefined;
  return { ...readHeader(bytes), payload: bytes.subarray(headerBytes, bytes.length - crcBytes) };
}

export function encodeAnswer({ type, nonce, number, hash }: Answer): Uint8Array {
  const bytes = new Uint8Array(headerBytes + 4 + crcBytes);
  writeHeader(bytes, typeCodes[type], { nonce, number });
  viewOf(bytes).setUint32(headerBytes, hash);
  return sealed(bytes);
}

/** @returns undefined for what is no answer, or was corrupted */
export function decodeAnswer(bytes: Uint8Array): Answer | undefined {
  if (!isIntact(bytes) || bytes.length !== headerBytes + 4 + crcBytes) return undefined;
  const type =
    bytes[0] === typeCodes.answer ? 'answer' : bytes[0] === typeCodes.expected ? 'expected' : undefined;
  if (type === undefined) return undefined;
  return { type, ...readHeader(bytes), hash: viewOf(bytes).getUint32(headerBytes) };
}

function writeHeader(bytes: Uint8Array, typeCode: number, { nonce, number }: Numbered): void {
  const view = viewOf(bytes);
  view.setUint8(0, typeCode);
  view.setUint32(1, nonce);
  view.setUint32(5, number);
}

function readHeader(bytes: Uint8Array): Numbered {
  const view = viewOf(bytes);
  return { nonce: view.getUint32(1), number: view.getUint32(5) };
}

function sealed(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - crcBytes;
  viewOf(bytes).setUint32(end, crc32(bytes.subarray(0, end)));
  return bytes;
}

function isIntact(bytes: Uint8Array): boolean {
  const end = bytes.length - crcBytes;
  return end >= headerBytes && viewOf(bytes).getUint32(end) === crc32(bytes.subarray(0, end));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
