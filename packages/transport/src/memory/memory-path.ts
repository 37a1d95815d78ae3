import type { MemoryClock } from './memory-clock.ts';

/**
 * One direction of an association: what enters comes out later, in order. While it is cut, everything waits, as retransmissions
 * would; when it is stopped, nothing comes out any more.
 */
export class MemoryPath {
  readonly #clock: MemoryClock;
  readonly #delayMs: () => number;
  #queue: (() => void)[] = [];
  #cut = false;
  /** Arrivals whose time came while the path was cut. */
  #overdue = 0;

  constructor(clock: MemoryClock, delayMs: () => number) {
    this.#clock = clock;
    this.#delayMs = delayMs;
  }

  /** Does `arrival` at the other end. */
  carry(arrival: () => void): void {
    this.#queue.push(arrival);
    this.#clock.setTimer(this.#delayMs(), () => this.#arrive());
  }

  setCut(cut: boolean): void {
    this.#cut = cut;
    if (cut) return;
    for (; this.#overdue > 0; this.#overdue -= 1) this.#clock.setTimer(this.#delayMs(), () => this.#arrive());
  }

  stop(): void {
    this.#queue = [];
  }

  /** Each expiry lets the oldest out, so that varying delays do not change the order. */
  #arrive(): void {
    if (this.#cut) this.#overdue += 1;
    else this.#queue.shift()?.();
  }
}
