import { createHmac } from 'node:crypto';
import type { SctpHost, Timer } from '../../src/endpoint/sctp-host.ts';
import { seededRandom } from './seeded-random.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** A host in virtual time whose random numbers are the same in every run. */
export class TestHost implements SctpHost {
  readonly #clock: VirtualClock;
  readonly #random: () => number;
  /** Random numbers that come first. */
  readonly forcedRandoms: number[] = [];
  /** Instead of all further random numbers: 0x8000_0000 makes the jitter of heartbeats 0, and all nonces the same. */
  fixedRandom: number | undefined;

  constructor(clock: VirtualClock, seed: number) {
    this.#clock = clock;
    this.#random = seededRandom(seed);
  }

  nowMs(): number {
    return this.#clock.nowMs;
  }

  setTimer(delayMs: number, onExpiry: () => void): Timer {
    return this.#clock.setTimer(delayMs, onExpiry);
  }

  randomUint32(): number {
    return this.forcedRandoms.shift() ?? this.fixedRandom ?? this.#random();
  }

  authenticate(key: Uint8Array, data: Uint8Array): Uint8Array {
    return new Uint8Array(createHmac('sha256', key).update(data).digest());
  }

  log(): void {
    // nobody reads it
  }
}
