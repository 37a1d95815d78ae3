import { chunkHeaderBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { ChunkType } from './chunk-type.ts';
import { expectLength } from './malformed.ts';

/** Checks a Shutdown Acknowledgement (RFC 9260 section 3.3.9), which is a header and nothing else. Throws MalformedChunk. */
export function decodeShutdownAck(reader: PacketReader): void {
  expectLength(reader, chunkHeaderBytes);
}

export const shutdownAckSizeBytes = chunkHeaderBytes;

/** Throws RangeError where there is no room. */
export function writeShutdownAck(writer: PacketWriter): void {
  writer.startChunk(ChunkType.shutdownAck, 0, shutdownAckSizeBytes);
}
