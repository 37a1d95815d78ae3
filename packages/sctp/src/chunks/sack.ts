import { maxGapBlocks, maxReportedDuplicates } from '../limits.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { ChunkType } from './chunk-type.ts';
import { MalformedChunk, expectAtLeast, expectLength } from './malformed.ts';

/*
 * Selective Acknowledgement (RFC 9260 section 3.3.4):
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |   Type = 3    |  Chunk Flags  |         Chunk Length          |
 *   +---------------+---------------+-------------------------------+
 *   |                      Cumulative TSN Ack                       |
 *   +---------------------------------------------------------------+
 *   |          Advertised Receiver Window Credit (a_rwnd)           |
 *   +-------------------------------+-------------------------------+
 *   | Number of Gap Ack Blocks = N  |  Number of Duplicate TSNs = M |
 *   +-------------------------------+-------------------------------+
 *   |    Gap Ack Block #1 Start     |     Gap Ack Block #1 End      |
 *   /                              ...                              /
 *   |                        Duplicate TSN 1                        |
 *   /                              ...                              /
 *   +---------------------------------------------------------------+
 */
export interface SackChunk {
  readonly cumulativeTsn: number;
  readonly advertisedWindowBytes: number;
  /**
   * First and last offset from `cumulativeTsn` of each Gap Ack Block, one after the other: [2, 3, 5, 5]. In each block the first
   * is at least 1 and not above the last. Nothing is promised of their order.
   */
  readonly gaps: readonly number[];
  readonly duplicates: readonly number[];
}

const headerBytes = 16;
const none: readonly number[] = Object.freeze([]);

/** Throws MalformedChunk. Blocks and duplicates above the limits are left out, as if they had not been reported yet. */
export function decodeSack(reader: PacketReader): SackChunk {
  expectAtLeast(reader, headerBytes);
  const { view, start } = reader;
  const gapBlocks = view.getUint16(start + 12);
  const duplicates = view.getUint16(start + 14);
  expectLength(reader, sackSizeBytes(gapBlocks, duplicates));
  return {
    cumulativeTsn: view.getUint32(start + 4),
    advertisedWindowBytes: view.getUint32(start + 8),
    gaps: gapBlocks === 0 ? none : readGaps(view, start + headerBytes, gapBlocks),
    duplicates:
      duplicates === 0 ? none : readDuplicates(view, start + headerBytes + 4 * gapBlocks, duplicates),
  };
}

export function sackSizeBytes(gapBlocks: number, duplicates: number): number {
  return headerBytes + 4 * (gapBlocks + duplicates);
}

/** Throws RangeError where there is no room. */
export function writeSack(writer: PacketWriter, chunk: SackChunk): void {
  const { gaps, duplicates } = chunk;
  const gapBlocks = gaps.length / 2;
  let at = writer.startChunk(ChunkType.sack, 0, sackSizeBytes(gapBlocks, duplicates.length));
  const { view } = writer;
  view.setUint32(at, chunk.cumulativeTsn);
  view.setUint32(at + 4, chunk.advertisedWindowBytes);
  view.setUint16(at + 8, gapBlocks);
  view.setUint16(at + 10, duplicates.length);
  at += 12;
  for (const offset of gaps) {
    view.setUint16(at, offset);
    at += 2;
  }
  for (const tsn of duplicates) {
    view.setUint32(at, tsn);
    at += 4;
  }
}

function readGaps(view: DataView, start: number, count: number): number[] {
  const gaps: number[] = [];
  for (let at = start, left = Math.min(count, maxGapBlocks); left > 0; left--, at += 4) {
    const first = view.getUint16(at);
    const last = view.getUint16(at + 2);
    if (first === 0 || first > last) {
      const problem = `expected a Gap Ack Block at byte ${at}, got ${first} to ${last}`;
      throw new MalformedChunk('field-value', ChunkType.sack, problem);
    }
    gaps.push(first, last);
  }
  return gaps;
}

function readDuplicates(view: DataView, start: number, count: number): number[] {
  const duplicates: number[] = [];
  for (let at = start, left = Math.min(count, maxReportedDuplicates); left > 0; left--, at += 4)
    duplicates.push(view.getUint32(at));
  return duplicates;
}
