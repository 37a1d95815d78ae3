import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { ChunkType } from './chunk-type.ts';
import { MalformedChunk, expectAtLeast } from './malformed.ts';

/*
 * Forward Cumulative TSN (RFC 3758 section 3.2):
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |   Type = 192  |  Flags = 0x00 |        Length = Variable      |
 *   +---------------+---------------+-------------------------------+
 *   |                      New Cumulative TSN                       |
 *   +-------------------------------+-------------------------------+
 *   |         Stream-1              |       Stream Sequence-1       |
 *   /                              ...                              /
 *   +-------------------------------+-------------------------------+
 */
export interface ForwardTsnChunk {
  readonly newCumulativeTsn: number;
  /** The last skipped message of each stream. */
  readonly streams: readonly SkippedStream[];
}

export interface SkippedStream {
  readonly streamId: number;
  readonly streamSequence: number;
}

const headerBytes = 8;
const streamBytes = 4;

/** Throws MalformedChunk. */
export function decodeForwardTsn(reader: PacketReader): ForwardTsnChunk {
  expectAtLeast(reader, headerBytes);
  const { view, start, end } = reader;
  const listBytes = end - start - headerBytes;
  if (listBytes % streamBytes !== 0) {
    const problem = `expected 4 bytes for each stream from byte ${start + headerBytes} on, got ${listBytes}`;
    throw new MalformedChunk('chunk-length', reader.type, problem);
  }
  const streams = Array.from({ length: listBytes / streamBytes }, (_, index) => {
    const at = start + headerBytes + index * streamBytes;
    return { streamId: view.getUint16(at), streamSequence: view.getUint16(at + 2) };
  });
  return { newCumulativeTsn: view.getUint32(start + 4), streams };
}

export function forwardTsnSizeBytes(streams: number): number {
  return headerBytes + streamBytes * streams;
}

/** Throws RangeError where there is no room. */
export function writeForwardTsn(writer: PacketWriter, chunk: ForwardTsnChunk): void {
  const at = writer.startChunk(ChunkType.forwardTsn, 0, forwardTsnSizeBytes(chunk.streams.length));
  writer.view.setUint32(at, chunk.newCumulativeTsn);
  for (const [index, { streamId, streamSequence }] of chunk.streams.entries()) {
    writer.view.setUint16(at + 4 + index * streamBytes, streamId);
    writer.view.setUint16(at + 6 + index * streamBytes, streamSequence);
  }
}
