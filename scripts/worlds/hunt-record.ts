import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Sums } from './totals.ts';

/** A line of the record: what came of some seeds with the code of one commit. */
export interface Chunk {
  /** The first of the seeds, which follow one another; or those that had failed before and were run again. */
  readonly from: number | readonly number[];
  /** How many were run. */
  readonly seeds: number;
  readonly minutes: number;
  readonly commit: string;
  readonly endedAt: string;
  readonly sums: Sums;
  readonly failures: readonly {
    readonly seed: number;
    readonly invariant: string;
    readonly message: string;
  }[];
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What a hunt has run so far, a line of JSON for each chunk, so that it can go on where it was stopped. */
export class HuntRecord {
  readonly #path: string;
  readonly chunks: Chunk[];

  constructor(path: string) {
    this.#path = path;
    const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
    this.chunks = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Chunk);
  }

  /** The first seed from `from` on that was not run. */
  nextSeed(from: number): number {
    let next = from;
    for (const chunk of this.chunks) {
      if (typeof chunk.from === 'number' && chunk.from <= next)
        next = Math.max(next, chunk.from + chunk.seeds);
    }
    return next;
  }

  /** Seeds that failed and were not clean since. */
  openSeeds(): number[] {
    const open = new Set<number>();
    for (const { from, failures } of this.chunks) {
      if (typeof from !== 'number') for (const seed of from) open.delete(seed);
      for (const { seed } of failures) open.add(seed);
    }
    return [...open];
  }

  add(chunk: Chunk): void {
    this.chunks.push(chunk);
    appendFileSync(this.#path, `${JSON.stringify(chunk)}\n`);
  }

  /** Of all chunks of new seeds; what failed is not in the sums. */
  summary(): object {
    const sums = { seeds: 0, events: 0, virtualHours: 0, faults: 0, takeovers: 0, failovers: 0, answered: 0 };
    const commits = new Map<string, number>();
    let found = 0;
    for (const chunk of this.chunks) {
      if (typeof chunk.from !== 'number') continue;
      for (const name of ['events', 'virtualHours', 'faults', 'takeovers', 'failovers', 'answered'] as const)
        sums[name] += chunk.sums[name];
      sums.seeds += chunk.seeds;
      commits.set(chunk.commit, (commits.get(chunk.commit) ?? 0) + chunk.seeds);
      found += chunk.failures.length;
    }
    const virtualHours = Math.round(sums.virtualHours);
    return { ...sums, virtualHours, commits: Object.fromEntries(commits), found, open: this.openSeeds() };
  }
}

/** Of the working tree; with a `+` where the packages differ from it. */
export function commitHere(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', 'packages') === '' ? '' : '+');
}
