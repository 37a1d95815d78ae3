import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { packetChecksum } from '../../src/packet/crc32c.ts';
import { type HostileKnowledge, chunkOf, hostileChunk } from './hostile-chunks.ts';
import { HostileScribe, type Random } from './hostile-scribe.ts';

export type { HostileKnowledge } from './hostile-chunks.ts';
export type { Random } from './hostile-scribe.ts';

/** Bundles that a peer may send, so that what is nearly right gets deep enough to do harm. */
const plausibleBundles: readonly [readonly number[], ...(readonly number[])[]] = [
  [ChunkType.init],
  [ChunkType.initAck],
  [ChunkType.cookieEcho],
  [ChunkType.cookieEcho, ChunkType.data],
  [ChunkType.cookieEcho, ChunkType.error],
  [ChunkType.cookieAck, ChunkType.sack],
  [ChunkType.data],
  [ChunkType.data, ChunkType.data, ChunkType.data],
  [ChunkType.sack],
  [ChunkType.sack, ChunkType.data],
  [ChunkType.sack, ChunkType.forwardTsn],
  [ChunkType.heartbeat],
  [ChunkType.heartbeatAck],
  [ChunkType.error],
  [ChunkType.abort],
  [ChunkType.shutdown, ChunkType.sack],
  [ChunkType.shutdownAck],
  [ChunkType.shutdownComplete],
  [ChunkType.reConfig],
  [ChunkType.asconf],
  [ChunkType.asconfAck],
];

/**
 * Packets of somebody who wants to do harm and knows how: all with the right checksum, with every chunk, parameter and error cause,
 * right and wrong in lengths, flags, types, numbers, repeated, cut, and bundled as no RFC allows. The same random numbers and the
 * same knowledge give the same packets.
 */
export class HostilePackets {
  readonly #scribe: HostileScribe;

  constructor(random: Random) {
    this.#scribe = new HostileScribe(random);
  }

  /** The next packet; the caller's own. */
  next(knowledge: HostileKnowledge): Uint8Array {
    const scribe = this.#scribe;
    scribe.at = 0;
    this.#header(knowledge);
    if (scribe.oneIn(2)) {
      for (const type of scribe.pick(plausibleBundles)) chunkOf(scribe, type, knowledge);
    } else {
      for (let left = 1 + scribe.below(5); left > 0 && scribe.hasRoom; left--) this.#chunk(knowledge);
    }
    this.#damageEnd();
    const packet = scribe.bytes.slice(0, scribe.at);
    if (packet.length >= 12) new DataView(packet.buffer).setUint32(8, packetChecksum(packet), true);
    return packet;
  }

  #header(knowledge: HostileKnowledge): void {
    const scribe = this.#scribe;
    scribe.u16(scribe.oneIn(128) ? scribe.any16() : knowledge.sourcePort);
    scribe.u16(scribe.oneIn(128) ? scribe.any16() : knowledge.destinationPort);
    scribe.u32(this.#tag(knowledge));
    scribe.u32(0); // checksum
  }

  #tag(knowledge: HostileKnowledge): number {
    const choice = this.#scribe.below(16);
    if (choice === 0) return knowledge.reflectedTag;
    if (choice === 1) return this.#scribe.any32();
    return choice < 5 ? 0 : knowledge.verificationTag;
  }

  #chunk(knowledge: HostileKnowledge): void {
    const start = this.#scribe.at;
    hostileChunk(this.#scribe, knowledge);
    if (this.#scribe.oneIn(24)) this.#scribe.repeat(start);
  }

  /** Cuts the packet, its last padding, or adds to it, now and then. */
  #damageEnd(): void {
    const scribe = this.#scribe;
    const choice = scribe.below(48);
    if (choice === 0) scribe.at = scribe.below(scribe.at);
    else if (choice === 1) scribe.at -= 1 + scribe.below(3);
    else if (choice === 2) scribe.noise(1 + scribe.below(8));
  }
}
