import { cpus } from 'node:os';
import { noCounts, sctpCountNames } from '@rserpool/testkit';
import type { SctpWorldCounts, SctpWorldResult } from '@rserpool/testkit';
import type { SeedFailure } from '../worlds/run-seeds.ts';

/** What came of many worlds. */
export interface HuntRecord {
  readonly first: number;
  readonly seeds: number;
  readonly events: number;
  readonly virtualHours: number;
  readonly faults: number;
  readonly longestSettlingMs: number;
  readonly wallSeconds: number;
  readonly machine: string;
  readonly counts: SctpWorldCounts;
  readonly failures: readonly SeedFailure[];
}

/** Sums over worlds. */
export class SctpTotals {
  #seeds = 0;
  #events = 0;
  #virtualMs = 0;
  #faults = 0;
  #longestSettlingMs = 0;
  readonly #counts = noCounts();

  add({ events, virtualMs, faults, settledMs, counts }: SctpWorldResult): void {
    this.#seeds += 1;
    this.#events += events;
    this.#virtualMs += virtualMs;
    this.#faults += faults;
    this.#longestSettlingMs = Math.max(this.#longestSettlingMs, settledMs);
    for (const name of sctpCountNames) this.#counts[name] += counts[name];
  }

  record(first: number, wallSeconds: number, failures: readonly SeedFailure[]): HuntRecord {
    return {
      first,
      seeds: this.#seeds,
      events: this.#events,
      virtualHours: Math.round(this.#virtualMs / 3_600_000),
      faults: this.#faults,
      longestSettlingMs: this.#longestSettlingMs,
      wallSeconds: Math.round(wallSeconds),
      machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`,
      counts: this.#counts,
      failures,
    };
  }
}

const startMark = '<!-- hunt: written by npm run sctp-worlds -- --record -->';
const endMark = '<!-- end of hunt -->';

/** The page with another record. @throws Error where the page has no place for it */
export function writeHunt(page: string, record: HuntRecord): string {
  const start = page.indexOf(startMark);
  const end = page.indexOf(endMark);
  if (start < 0 || end < start) throw new Error(`expected ${startMark} and ${endMark} in the page`);
  const json = JSON.stringify(record, null, 2);
  return `${page.slice(0, start + startMark.length)}\n\n\`\`\`json\n${json}\n\`\`\`\n\n${page.slice(end)}`;
}
