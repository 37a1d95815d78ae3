import { drawDelayMs, meanDelayMs } from './delay-distribution.ts';
import type { DelayDistribution } from './delay-distribution.ts';
import { checkQuality, isPlain } from './link-quality.ts';
import type { LinkQuality } from './link-quality.ts';
import type { RandomStream } from './random-stream.ts';

/** What a link tells the channels that cross it. */
export interface LinkUser {
  /** One direction, or both, let nothing through any more. */
  onCut(): void;
  /** One direction, or both, let things through again. */
  onHealed(): void;
}

/** What becomes of one packet. */
export interface PacketFate {
  readonly lost: boolean;
  /** After this the packet arrives. */
  readonly delayMs: number;
  /** Later packets may overtake it. */
  readonly reordered: boolean;
  /** After this it arrives again. */
  readonly duplicateDelayMs: number | undefined;
}

/** One way of a link. */
export class LinkDirection {
  readonly link: VirtualLink;
  isCut = false;
  /** Until then its queue is busy with what was sent before. */
  busyUntilMs = 0;

  constructor(link: VirtualLink) {
    this.link = link;
  }

  /** Draws what becomes of a packet that enters now. */
  fate(nowMs: number, sizeBytes: number): PacketFate {
    return this.link.drawFate(this, nowMs, sizeBytes);
  }
}

/** The path between two addresses, both directions. */
export class VirtualLink {
  readonly users = new Set<LinkUser>();
  /** When its quality last changed, or whether it is cut. The network's to set. */
  changedAtMs = 0;
  readonly #directions: readonly [LinkDirection, LinkDirection];
  readonly #firstFrom: string;
  readonly #random: RandomStream;
  #quality: LinkQuality;
  #isPlain: boolean;

  /** @param firstFrom address at one end */
  constructor(quality: LinkQuality, random: RandomStream, firstFrom: string) {
    checkQuality(quality);
    this.#quality = quality;
    this.#isPlain = isPlain(quality);
    this.#random = random;
    this.#firstFrom = firstFrom;
    this.#directions = [new LinkDirection(this), new LinkDirection(this)];
  }

  get quality(): LinkQuality {
    return this.#quality;
  }

  set quality(quality: LinkQuality) {
    checkQuality(quality);
    this.#quality = quality;
    this.#isPlain = isPlain(quality);
  }

  get delay(): DelayDistribution {
    return this.#quality.delay;
  }

  set delay(delay: DelayDistribution) {
    this.quality = { ...this.#quality, delay };
  }

  /** Whether it only delays: {@link sampleDelayMs} says all about a packet. */
  get isPlain(): boolean {
    return this.#isPlain;
  }

  /** Whether nothing passes in at least one direction. */
  get isCut(): boolean {
    return this.#directions[0].isCut || this.#directions[1].isCut;
  }

  /** Twice the mean delay. */
  get roundTripTimeMs(): number {
    return 2 * meanDelayMs(this.#quality.delay);
  }

  /** The way of packets that are sent from an address. */
  direction(from: string): LinkDirection {
    return this.#directions[from === this.#firstFrom ? 0 : 1];
  }

  sampleDelayMs(): number {
    return drawDelayMs(this.#quality.delay, this.#random);
  }

  /** Use {@link LinkDirection.fate}. What a link does not do takes no number from its stream. */
  drawFate(direction: LinkDirection, nowMs: number, sizeBytes: number): PacketFate {
    const { loss, duplication, reordering, reorderingDelay, bytesPerSecond } = this.#quality;
    let queuedMs = 0;
    if (sizeBytes > 0 && bytesPerSecond !== Infinity) {
      direction.busyUntilMs = Math.max(direction.busyUntilMs, nowMs) + (1_000 * sizeBytes) / bytesPerSecond;
      queuedMs = direction.busyUntilMs - nowMs;
    }
    let delayMs = queuedMs + this.sampleDelayMs();
    const lost = this.#happens(loss);
    const duplicated = this.#happens(duplication);
    const reordered = this.#happens(reordering);
    if (reordered) delayMs += drawDelayMs(reorderingDelay, this.#random);
    const duplicateDelayMs = duplicated ? queuedMs + this.sampleDelayMs() : undefined;
    return { lost, delayMs, reordered, duplicateDelayMs };
  }

  /** @param from if given, only what is sent from this address is cut off */
  cut(from?: string): void {
    this.#setCut(true, from);
  }

  heal(from?: string): void {
    this.#setCut(false, from);
  }

  #setCut(isCut: boolean, from: string | undefined): void {
    const changed = (from === undefined ? this.#directions : [this.direction(from)]).filter(
      (direction) => direction.isCut !== isCut,
    );
    if (changed.length === 0) return;
    for (const direction of changed) direction.isCut = isCut;
    for (const user of [...this.users]) {
      if (isCut) user.onCut();
      else user.onHealed();
    }
  }

  #happens(probability: number): boolean {
    return probability > 0 && this.#random.nextBetween(0, 1) < probability;
  }
}
