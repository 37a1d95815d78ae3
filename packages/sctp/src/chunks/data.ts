import { paddedBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { ChunkType } from './chunk-type.ts';
import { MalformedChunk, expectAtLeast } from './malformed.ts';

/*
 * Payload Data (RFC 9260 section 3.3.1):
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+-------+-+-+-+-+-------------------------------+
 *   |   Type = 0    |  Res  |I|U|B|E|            Length             |
 *   +---------------+-------+-+-+-+-+-------------------------------+
 *   |                              TSN                              |
 *   +-------------------------------+-------------------------------+
 *   |      Stream Identifier S      |   Stream Sequence Number n    |
 *   +-------------------------------+-------------------------------+
 *   |                  Payload Protocol Identifier                  |
 *   +---------------------------------------------------------------+
 *   /                 User Data (seq n of Stream S)                 /
 *   +---------------------------------------------------------------+
 */
export interface DataChunk {
  readonly tsn: number;
  readonly streamId: number;
  /** Means nothing when unordered. */
  readonly streamSequence: number;
  readonly payloadProtocolId: number;
  /** At least one byte. When decoded, a view into the packet. */
  readonly userData: Uint8Array;
  /** First fragment of a message. */
  readonly beginning: boolean;
  /** Last fragment of a message. */
  readonly ending: boolean;
  readonly unordered: boolean;
  /** The sender asks for a SACK chunk without delay. */
  readonly immediate: boolean;
}

export const dataHeaderBytes = 16;

const endingBit = 1;
const beginningBit = 2;
const unorderedBit = 4;
const immediateBit = 8;

/** Throws MalformedChunk, `no-user-data` with the TSN where there is nothing else wrong (section 6.2). */
export function decodeData(reader: PacketReader): DataChunk {
  expectAtLeast(reader, dataHeaderBytes);
  const { view, flags, start, end } = reader;
  const tsn = view.getUint32(start + 4);
  if (end - start === dataHeaderBytes)
    throw new MalformedChunk(
      'no-user-data',
      ChunkType.data,
      `expected user data at byte ${end}, got none`,
      tsn,
    );
  return {
    tsn,
    streamId: view.getUint16(start + 8),
    streamSequence: view.getUint16(start + 10),
    payloadProtocolId: view.getUint32(start + 12),
    userData: reader.bytes.subarray(start + dataHeaderBytes, end),
    beginning: (flags & beginningBit) !== 0,
    ending: (flags & endingBit) !== 0,
    unordered: (flags & unorderedBit) !== 0,
    immediate: (flags & immediateBit) !== 0,
  };
}

export function dataSizeBytes(userDataBytes: number): number {
  return dataHeaderBytes + paddedBytes(userDataBytes);
}

/** Throws RangeError where there is no room. */
export function writeData(writer: PacketWriter, chunk: DataChunk): void {
  const flags =
    (chunk.ending ? endingBit : 0) |
    (chunk.beginning ? beginningBit : 0) |
    (chunk.unordered ? unorderedBit : 0) |
    (chunk.immediate ? immediateBit : 0);
  const { userData } = chunk;
  const at = writer.startChunk(ChunkType.data, flags, dataHeaderBytes + userData.length);
  const { view } = writer;
  view.setUint32(at, chunk.tsn);
  view.setUint16(at + 4, chunk.streamId);
  view.setUint16(at + 6, chunk.streamSequence);
  view.setUint32(at + 8, chunk.payloadProtocolId);
  writer.bytes.set(userData, at + 12);
}
