import { chunkHeaderBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { ChunkType } from './chunk-type.ts';
import { expectLength } from './malformed.ts';

/** Checks a Cookie Acknowledgement (RFC 9260 section 3.3.12), which is a header and nothing else. Throws MalformedChunk. */
export function decodeCookieAck(reader: PacketReader): void {
  expectLength(reader, chunkHeaderBytes);
}

export const cookieAckSizeBytes = chunkHeaderBytes;

/** Throws RangeError where there is no room. */
export function writeCookieAck(writer: PacketWriter): void {
  writer.startChunk(ChunkType.cookieAck, 0, cookieAckSizeBytes);
}
