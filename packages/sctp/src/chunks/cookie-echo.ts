import { chunkHeaderBytes, paddedBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { ChunkType } from './chunk-type.ts';

/** Cookie Echo (RFC 9260 section 3.3.11): a header and the cookie. */
export interface CookieEchoChunk {
  /** As it was in the INIT ACK chunk. When decoded, a view into the packet. */
  readonly cookie: Uint8Array;
}

/** Never throws: whatever its length, the cookie tells whether it is one. */
export function decodeCookieEcho(reader: PacketReader): CookieEchoChunk {
  return { cookie: reader.bytes.subarray(reader.start + chunkHeaderBytes, reader.end) };
}

export function cookieEchoSizeBytes(cookieBytes: number): number {
  return chunkHeaderBytes + paddedBytes(cookieBytes);
}

/** Throws RangeError where there is no room. */
export function writeCookieEcho(writer: PacketWriter, chunk: CookieEchoChunk): void {
  const at = writer.startChunk(ChunkType.cookieEcho, 0, chunkHeaderBytes + chunk.cookie.length);
  writer.bytes.set(chunk.cookie, at);
}
