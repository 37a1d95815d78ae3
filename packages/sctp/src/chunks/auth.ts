import { paddedBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { ChunkType } from './chunk-type.ts';
import { expectAtLeast } from './malformed.ts';

/*
 * Authentication (RFC 4895 section 5.1):
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   | Type = 0x0F   |   Flags = 0   |            Length             |
 *   +---------------+---------------+-------------------------------+
 *   |     Shared Key Identifier     |        HMAC Identifier        |
 *   +-------------------------------+-------------------------------+
 *   /                             HMAC                              /
 *   +---------------------------------------------------------------+
 */
export interface AuthChunk {
  readonly sharedKeyId: number;
  readonly hmacId: number;
  /** When decoded, a view into the packet. */
  readonly hmac: Uint8Array;
}

/** Before the HMAC. */
const authHeaderBytes = 8;

/** Throws MalformedChunk. Whether the HMAC has the length of its algorithm is not judged here. */
export function decodeAuth(reader: PacketReader): AuthChunk {
  expectAtLeast(reader, authHeaderBytes);
  const { view, start, end } = reader;
  return {
    sharedKeyId: view.getUint16(start + 4),
    hmacId: view.getUint16(start + 6),
    hmac: reader.bytes.subarray(start + authHeaderBytes, end),
  };
}

export function authSizeBytes(hmacBytes: number): number {
  return paddedBytes(authHeaderBytes + hmacBytes);
}

/** Throws RangeError where there is no room. @returns where the HMAC is in the packet: it can be set when all is written */
export function writeAuth(writer: PacketWriter, { sharedKeyId, hmacId, hmac }: AuthChunk): number {
  const at = writer.startChunk(ChunkType.auth, 0, authHeaderBytes + hmac.length);
  writer.view.setUint16(at, sharedKeyId);
  writer.view.setUint16(at + 2, hmacId);
  writer.bytes.set(hmac, at + 4);
  return at + 4;
}
