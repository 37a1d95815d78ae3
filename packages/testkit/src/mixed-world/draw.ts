import type { RandomStream } from '../world/random-stream.ts';

/** Draws what a generator of worlds needs from one stream. */
export class Draw {
  readonly #random: RandomStream;

  constructor(random: RandomStream) {
    this.#random = random;
  }

  between(min: number, max: number): number {
    return this.#random.nextBetween(min, max);
  }

  /** Both included. */
  integer(min: number, max: number): number {
    return min + (this.#random.nextUint32() % (max - min + 1));
  }

  /** As {@link integer}, the smaller the likelier: by the power of a uniform number. */
  small(min: number, max: number, power: number): number {
    return min + Math.floor((max - min + 1) * this.between(0, 1) ** power);
  }

  chance(probability: number): boolean {
    return this.between(0, 1) < probability;
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.between(0, 1));
  }

  /** Undefined where there is nothing to choose. */
  pick<T>(items: readonly T[]): T | undefined {
    return items.length === 0 ? undefined : items[this.#random.nextUint32() % items.length];
  }

  /** One of what is given. */
  oneOf<T>(first: T, ...others: T[]): T {
    return this.pick([first, ...others]) ?? first;
  }

  /** In random order, at most `count` of them. */
  some<T>(items: readonly T[], count = items.length): T[] {
    const rest = [...items];
    const chosen: T[] = [];
    while (chosen.length < count && rest.length > 0) {
      chosen.push(...rest.splice(this.#random.nextUint32() % rest.length, 1));
    }
    return chosen;
  }
}
