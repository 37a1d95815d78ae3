import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { ChunkType } from './chunk-type.ts';
import { expectLength } from './malformed.ts';

/** Shutdown Association (RFC 9260 section 3.3.8): a header and the Cumulative TSN Ack. */
export interface ShutdownChunk {
  readonly cumulativeTsn: number;
}

export const shutdownSizeBytes = 8;

/** Throws MalformedChunk. */
export function decodeShutdown(reader: PacketReader): ShutdownChunk {
  expectLength(reader, shutdownSizeBytes);
  return { cumulativeTsn: reader.view.getUint32(reader.start + 4) };
}

/** Throws RangeError where there is no room. */
export function writeShutdown(writer: PacketWriter, chunk: ShutdownChunk): void {
  const at = writer.startChunk(ChunkType.shutdown, 0, shutdownSizeBytes);
  writer.view.setUint32(at, chunk.cumulativeTsn);
}
