import type { MixedWorldResult } from '@rserpool/testkit';

/** Sums over worlds. */
export interface Sums {
  seeds: number;
  events: number;
  virtualHours: number;
  faults: number;
  asked: number;
  answered: number;
  failed: number;
  failovers: number;
  takeovers: number;
  statesRestored: number;
}

const counted = [
  'events',
  'faults',
  'asked',
  'answered',
  'failed',
  'failovers',
  'takeovers',
  'statesRestored',
] as const;

/** Sums over all worlds, and the longest time that each invariant took to hold after healing. */
export class Totals {
  readonly #sums: Sums = {
    ...{ seeds: 0, events: 0, virtualHours: 0, faults: 0, asked: 0, answered: 0, failed: 0 },
    ...{ failovers: 0, takeovers: 0, statesRestored: 0 },
  };
  readonly #settled = new Map<string, { tookMs: number; boundMs: number; seed: number }>();

  add(result: MixedWorldResult): void {
    this.#sums.seeds++;
    this.#sums.virtualHours += result.virtualMs / 3_600_000;
    for (const name of counted) this.#sums[name] += result[name];
    for (const { invariant, tookMs, boundMs } of result.settled) {
      const longest = this.#settled.get(invariant);
      if (longest !== undefined && longest.tookMs / longest.boundMs >= tookMs / boundMs) continue;
      this.#settled.set(invariant, { tookMs, boundMs: Math.round(boundMs), seed: result.seed });
    }
  }

  get sums(): Sums {
    return { ...this.#sums, virtualHours: Math.round(this.#sums.virtualHours * 10) / 10 };
  }

  /** Of all bounds, the nearest that any world came to. */
  get nearest(): object {
    return Object.fromEntries(this.#settled);
  }
}
