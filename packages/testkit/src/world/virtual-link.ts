import type { RandomStream } from './random-stream.ts';

/** One-way delay of a link: uniformly distributed. */
export interface DelayRange {
  readonly minMs: number;
  readonly maxMs: number;
}

/** What a link tells the channels that cross it. */
export interface LinkUser {
  onCut(): void;
  onHealed(): void;
}

/** The path between two addresses, both directions. */
export class VirtualLink {
  delay: DelayRange;
  readonly users = new Set<LinkUser>();
  readonly #random: RandomStream;
  #cut = false;

  constructor(delay: DelayRange, random: RandomStream) {
    this.delay = delay;
    this.#random = random;
  }

  get isCut(): boolean {
    return this.#cut;
  }

  get roundTripTimeMs(): number {
    return this.delay.minMs + this.delay.maxMs; // twice the mean
  }

  sampleDelayMs(): number {
    return this.#random.nextBetween(this.delay.minMs, this.delay.maxMs);
  }

  cut(): void {
    if (this.#cut) return;
    this.#cut = true;
    for (const user of [...this.users]) user.onCut();
  }

  heal(): void {
    if (!this.#cut) return;
    this.#cut = false;
    for (const user of [...this.users]) user.onHealed();
  }
}
