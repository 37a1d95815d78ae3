import { chunkHeaderBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { ChunkType } from './chunk-type.ts';
import { expectLength } from './malformed.ts';

/** Shutdown Complete (RFC 9260 section 3.3.13): a header with the T bit, the lowest of the flags. */
export interface ShutdownCompleteChunk {
  /** The T bit: the packet's verification tag is the receiver's own, sent back by one who does not know the right one. */
  readonly tagIsReflected: boolean;
}

export const shutdownCompleteSizeBytes = chunkHeaderBytes;
const reflectedBit = 1;

/** Throws MalformedChunk. */
export function decodeShutdownComplete(reader: PacketReader): ShutdownCompleteChunk {
  expectLength(reader, shutdownCompleteSizeBytes);
  return { tagIsReflected: (reader.flags & reflectedBit) !== 0 };
}

/** Throws RangeError where there is no room. */
export function writeShutdownComplete(writer: PacketWriter, chunk: ShutdownCompleteChunk): void {
  const flags = chunk.tagIsReflected ? reflectedBit : 0;
  writer.startChunk(ChunkType.shutdownComplete, flags, shutdownCompleteSizeBytes);
}
