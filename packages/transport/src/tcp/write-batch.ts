import type { Message } from '@rserpool/core';
import { dataHeaderSizeBytes, writeDataHeader } from '@rserpool/wire';

/** Messages above this are not copied behind their header, but written from where they are. */
const maxCopiedBytes = 16 * 1024;

/**
 * The bytes of frames in as few pieces as possible: what is small is put into one buffer, so that many messages cost one
 * write; what is large is not copied.
 * @param ackNow asks the peer to acknowledge the last message at once
 */
export function batchFrames(
  before: readonly Uint8Array[],
  messages: readonly Message[],
  after: readonly Uint8Array[],
  ackNow: boolean,
): Uint8Array[] {
  const buffer = Buffer.allocUnsafe(copiedBytes(before, messages, after));
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  const pieces: Uint8Array[] = [];
  let pieceStart = 0;
  let at = 0;
  const copy = (bytes: Uint8Array): void => {
    buffer.set(bytes, at);
    at += bytes.length;
  };
  before.forEach(copy);
  const last = messages.at(-1);
  for (const message of messages) {
    writeDataHeader(view, at, message, ackNow && message === last);
    at += dataHeaderSizeBytes;
    if (message.data.length <= maxCopiedBytes) {
      copy(message.data);
      continue;
    }
    pieces.push(buffer.subarray(pieceStart, at), message.data);
    pieceStart = at;
  }
  after.forEach(copy);
  if (at > pieceStart) pieces.push(buffer.subarray(pieceStart, at));
  return pieces;
}

function copiedBytes(
  before: readonly Uint8Array[],
  messages: readonly Message[],
  after: readonly Uint8Array[],
): number {
  let sizeBytes = 0;
  for (const frame of before) sizeBytes += frame.length;
  for (const frame of after) sizeBytes += frame.length;
  for (const { data } of messages) {
    sizeBytes += dataHeaderSizeBytes + (data.length <= maxCopiedBytes ? data.length : 0);
  }
  return sizeBytes;
}
