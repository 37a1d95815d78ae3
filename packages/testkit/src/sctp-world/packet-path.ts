import type { LinkQuality } from '../world/link-quality.ts';
import type { RandomStream } from '../world/random-stream.ts';
import { VirtualLink } from '../world/virtual-link.ts';

/** What a path does to the packets that cross it, in either direction. */
export interface PacketQuality extends LinkQuality {
  /** Probability that bytes of a packet are changed. */
  readonly corruption: number;
  /** What its queue holds at most in each direction; packets beyond it are lost. Infinity: everything. */
  readonly queueBytes: number;
}

/** Why a packet does not arrive. */
export type LossCause =
  | 'cut'
  | 'loss'
  | 'queue'
  /** It arrives, with other bytes. */
  | 'corruption'
  /** Nobody has that address, its process is dead, or its translation has another UDP port by now. */
  | 'nobody';

/** What becomes of a packet: one delay for each copy that arrives, or why it is lost. */
export interface PathFate {
  readonly lost: LossCause | undefined;
  readonly delaysMs: readonly number[];
}

/** The way between two addresses: a {@link VirtualLink} whose queues end somewhere, and that changes bytes. */
export class PacketPath {
  readonly #link: VirtualLink;
  readonly #random: RandomStream;
  #quality: PacketQuality;

  constructor(quality: PacketQuality, random: RandomStream, firstFrom: string) {
    this.#link = new VirtualLink(quality, random, firstFrom);
    this.#random = random;
    this.#quality = quality;
  }

  set quality(quality: PacketQuality) {
    this.#quality = quality;
    this.#link.quality = quality;
  }

  isCut(from: string): boolean {
    return this.#link.direction(from).isCut;
  }

  /** @param from only packets from this address are concerned */
  setCut(isCut: boolean, from: string): void {
    if (isCut) this.#link.cut(from);
    else this.#link.heal(from);
  }

  fate(from: string, nowMs: number, sizeBytes: number): PathFate {
    const direction = this.#link.direction(from);
    if (direction.isCut) return lostBy('cut');
    const { bytesPerSecond, queueBytes } = this.#quality;
    const queuedBytes = ((direction.busyUntilMs - nowMs) * bytesPerSecond) / 1_000;
    if (queuedBytes > queueBytes) return lostBy('queue');
    const { lost, delayMs, duplicateDelayMs } = direction.fate(nowMs, sizeBytes);
    if (lost) return lostBy('loss');
    return {
      lost: undefined,
      delaysMs: duplicateDelayMs === undefined ? [delayMs] : [delayMs, duplicateDelayMs],
    };
  }

  /** A changed copy of the packet, or the packet: corruption is drawn for each copy. */
  perhapsCorrupted(packet: Uint8Array): Uint8Array {
    const { corruption } = this.#quality;
    if (corruption === 0 || this.#random.nextBetween(0, 1) >= corruption) return packet;
    return corrupted(packet, this.#random);
  }
}

/** Up to four bytes in a row are changed, or the end is cut off, or something follows. */
function corrupted(packet: Uint8Array, random: RandomStream): Uint8Array {
  const kind = random.nextUint32() % 8;
  if (kind === 0) return packet.slice(0, random.nextUint32() % packet.length);
  const copy = new Uint8Array(packet.length + (kind === 1 ? 4 : 0));
  copy.set(packet);
  const start = random.nextUint32() % packet.length;
  const end = Math.min(packet.length, start + 1 + (random.nextUint32() % 4));
  for (let at = start; at < end; at += 1) copy[at] = (copy[at] ?? 0) ^ (1 + (random.nextUint32() % 255));
  return copy;
}

function lostBy(cause: LossCause): PathFate {
  return { lost: cause, delaysMs: [] };
}
