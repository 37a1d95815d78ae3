import { ChunkType } from '../../chunks/chunk-type.ts';
import type { InitParameters } from '../../chunks/init.ts';
import { encodeUint16List } from '../../parameters/parameter.ts';
import { firstKnownAlgorithm } from './hmac.ts';
import type { AuthenticationParameters } from './shared-key.ts';

/** RFC 4895 section 6.1: no other length is right. */
export const randomBytes = 32;

/** What an association must know of its handshake. */
export interface RememberedHandshake {
  readonly ownRandom: Uint8Array;
  readonly peer: AuthenticationParameters;
  /** Else it only authenticates. */
  readonly peerTakesAsconf: boolean;
}

const takesAsconfBit = 1;
const hasChunkListBit = 2;
const fixedBytes = 2 + 2 * randomBytes;

/** What a side has said of authentication; undefined where it cannot authenticate. */
export function authenticationOf(parameters: InitParameters): AuthenticationParameters | undefined {
  const { random, chunkList, requestedHmacAlgorithms = [], supportedExtensions = [] } = parameters;
  if (!supportedExtensions.includes(ChunkType.auth) || random?.length !== randomBytes) return undefined;
  if (firstKnownAlgorithm(requestedHmacAlgorithms) === undefined) return undefined;
  return { random, chunkList, requestedHmacAlgorithms };
}

/** Whether a side takes ASCONF chunks, or gives to understand that it does. */
export function speaksOfAsconf({ supportedExtensions = [] }: InitParameters): boolean {
  return supportedExtensions.includes(ChunkType.asconf) || supportedExtensions.includes(ChunkType.asconfAck);
}

/** No bytes where the peer does not authenticate. Only we read them: flags, the random numbers, and the peer's lists. */
export function encodeHandshake(own: InitParameters, peer: InitParameters): Uint8Array {
  const authentication = authenticationOf(peer);
  if (authentication === undefined || own.random === undefined) return new Uint8Array(0);
  const { random, chunkList, requestedHmacAlgorithms } = authentication;
  const hmacs = encodeUint16List(requestedHmacAlgorithms);
  const bytes = new Uint8Array(fixedBytes + hmacs.length + (chunkList?.length ?? 0));
  const flags = (speaksOfAsconf(peer) ? takesAsconfBit : 0) | (chunkList === undefined ? 0 : hasChunkListBit);
  bytes.set([flags, requestedHmacAlgorithms.length]);
  bytes.set(own.random, 2);
  bytes.set(random, 2 + randomBytes);
  bytes.set(hmacs, fixedBytes);
  bytes.set(chunkList ?? [], fixedBytes + hmacs.length);
  return bytes;
}

/** @returns undefined where the peer does not authenticate */
export function decodeHandshake(bytes: Uint8Array): RememberedHandshake | undefined {
  if (bytes.length < fixedBytes) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const flags = view.getUint8(0);
  const hmacCount = view.getUint8(1);
  return {
    ownRandom: bytes.subarray(2, 2 + randomBytes),
    peer: {
      random: bytes.subarray(2 + randomBytes, fixedBytes),
      requestedHmacAlgorithms: Array.from({ length: hmacCount }, (_, index) =>
        view.getUint16(fixedBytes + 2 * index),
      ),
      chunkList:
        (flags & hasChunkListBit) === 0 ? undefined : [...bytes.subarray(fixedBytes + 2 * hmacCount)],
    },
    peerTakesAsconf: (flags & takesAsconfBit) !== 0,
  };
}
