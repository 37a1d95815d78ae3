import type { ControlBlock } from '../../association/control-block.ts';
import type { Path } from '../../association/path.ts';
import { authSizeBytes, decodeAuth, writeAuth } from '../../chunks/auth.ts';
import { ChunkType } from '../../chunks/chunk-type.ts';
import { writeError } from '../../chunks/error.ts';
import { equalBytes } from '../../endpoint/equal-bytes.ts';
import { commonHeaderBytes, paddedBytes } from '../../packet/packet-layout.ts';
import type { PacketReader } from '../../packet/packet-reader.ts';
import { PacketWriter } from '../../packet/packet-writer.ts';
import { firstKnownAlgorithm, hmacAlgorithms } from './hmac.ts';
import type { Hmac, HmacAlgorithm } from './hmac.ts';
import type { RememberedHandshake } from './remembered-handshake.ts';
import { associationSharedKey, keyVector } from './shared-key.ts';
import { wellFormed } from './well-formed.ts';

/** What the peer must send us authenticated. */
export const authenticatedChunks = [ChunkType.asconf, ChunkType.asconfAck] as const;

/** A list that has these means nothing by it (RFC 4895 section 3.2). */
const neverAuthenticated: readonly number[] = [
  ChunkType.init,
  ChunkType.initAck,
  ChunkType.shutdownComplete,
  ChunkType.auth,
];

/** Without endpoint pair shared keys there is only this one (RFC 4895 section 6.2). */
const sharedKeyId = 0;
const hmacOffset = authSizeBytes(0);

/** Authenticated chunks of an association (RFC 4895). */
export class ChunkAuthentication {
  readonly #block: ControlBlock;
  readonly #hmac: Hmac;
  readonly #key: Uint8Array;
  /** The one that the peer wants. */
  readonly #algorithm: HmacAlgorithm;
  /** Types that the peer takes only authenticated, and ours. */
  readonly #demanded: ReadonlySet<number>;
  /** The packet that was authenticated last, from where on. */
  #authenticated: { readonly packet: PacketReader; readonly start: number } | undefined;

  constructor(block: ControlBlock, { ownRandom, peer }: RememberedHandshake, hmac: Hmac) {
    const algorithm = firstKnownAlgorithm(peer.requestedHmacAlgorithms);
    if (algorithm === undefined) throw new Error('a peer that cannot authenticate');
    this.#block = block;
    this.#hmac = hmac;
    this.#algorithm = algorithm;
    const own = {
      random: ownRandom,
      chunkList: authenticatedChunks,
      requestedHmacAlgorithms: hmacAlgorithms.map(({ id }) => id),
    };
    this.#key = associationSharedKey(keyVector(own), keyVector(peer));
    const others = (peer.chunkList ?? []).filter((type) => !neverAuthenticated.includes(type));
    this.#demanded = new Set([...authenticatedChunks, ...others]);
    // ASCONF and ASCONF-ACK chunks are small; all others may have filled their packet.
    if (this.#demanded.size > authenticatedChunks.length)
      block.paths.reserve(authSizeBytes(algorithm.hmacBytes));
    block.finish = (packet) => this.#finish(packet);
  }

  /** An AUTH chunk: where it is wrong, nothing more of the packet is read (section 6.3). */
  onAuth(packet: PacketReader, path: Path): void {
    if (this.verifies(packet)) return;
    const hmacId = wellFormed(() => decodeAuth(packet))?.hmacId;
    packet.skipRest();
    if (hmacId === undefined || algorithmOf(hmacId) !== undefined) return;
    this.#block.answer(path, (answer) =>
      writeError(answer, { causes: [{ code: 'unsupported-hmac-identifier', hmacId }] }),
    );
  }

  /** @param packet on an AUTH chunk, which must be the only one of its packet */
  verifies(packet: PacketReader): boolean {
    const { start } = packet;
    if (this.isAuthenticated(packet)) return this.#authenticated?.start === start;
    const auth = wellFormed(() => decodeAuth(packet));
    const algorithm = auth === undefined ? undefined : algorithmOf(auth.hmacId);
    if (auth?.sharedKeyId !== sharedKeyId || algorithm === undefined) return false;
    if (!equalBytes(this.#hmacOf(packet.bytes, start, algorithm), auth.hmac)) return false;
    this.#authenticated = { packet, start };
    return true;
  }

  /** Whether what follows the AUTH chunk of a packet is the peer's. */
  isAuthenticated(packet: PacketReader): boolean {
    return this.#authenticated?.packet === packet;
  }

  /** The packet in hand is done with. */
  packetDone(): void {
    this.#authenticated = undefined;
  }

  /** An AUTH chunk goes before the first chunk that must not be without (section 6.2). */
  #finish(packet: PacketWriter): Uint8Array {
    const bytes = packet.finish();
    const { view } = packet;
    let at = commonHeaderBytes;
    while (at < bytes.length && !this.#demanded.has(view.getUint8(at)))
      at += paddedBytes(view.getUint16(at + 2));
    if (at >= bytes.length) return bytes;
    const { id: hmacId, hmacBytes } = this.#algorithm;
    const header = {
      sourcePort: view.getUint16(0),
      destinationPort: view.getUint16(2),
      verificationTag: view.getUint32(4),
    };
    const writer = new PacketWriter(header, bytes.length + authSizeBytes(hmacBytes));
    writer.copyChunks(bytes.subarray(commonHeaderBytes, at));
    const hmacAt = writeAuth(writer, { sharedKeyId, hmacId, hmac: new Uint8Array(hmacBytes) });
    writer.copyChunks(bytes.subarray(at));
    writer.bytes.set(this.#hmacOf(writer.bytes, at, this.#algorithm), hmacAt);
    return writer.finish();
  }

  /** Over everything from the AUTH chunk on, whose own HMAC counts as zero. */
  #hmacOf(packet: Uint8Array, start: number, { hash, hmacBytes }: HmacAlgorithm): Uint8Array {
    const data = new Uint8Array(packet.subarray(start));
    data.fill(0, hmacOffset, hmacOffset + hmacBytes);
    return this.#hmac(hash, this.#key, data);
  }
}

function algorithmOf(hmacId: number): HmacAlgorithm | undefined {
  return hmacAlgorithms.find(({ id }) => id === hmacId);
}
