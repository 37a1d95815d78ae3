import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatPage } from '../format-page.ts';
import { readSeeds, renderDocument } from './document.ts';
import type { Caught } from './document.ts';
import type { MutationSuite } from './mutation-suite.ts';
import type { Mutation } from './mutation.ts';
import { inParallel, runTrials } from './run-trials.ts';

export interface SuiteRun {
  /** Try each with the seed in the page, and write nothing. */
  readonly check: boolean;
  /** Try these and write nothing; empty: try all and write the page. */
  readonly only: readonly string[];
  readonly workers: number;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
/** For all worlds of one mutation, and for one world in a check: far more than they take. */
const limitMs = 600_000;
const checkLimitMs = 120_000;

/** Compiles the packages and tries mutations. @returns what is wrong: above all, those that survive */
export async function runSuite(suite: MutationSuite, run: SuiteRun): Promise<readonly string[]> {
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'packages/testkit'], {
    cwd: root,
  });
  const runner = new SuiteRunner(suite, run);
  if (run.check) await runner.check();
  else await runner.tryAll();
  return runner.problems;
}

class SuiteRunner {
  readonly problems: string[] = [];
  readonly #suite: MutationSuite;
  readonly #run: SuiteRun;

  constructor(suite: MutationSuite, run: SuiteRun) {
    this.#suite = suite;
    this.#run = run;
  }

  async check(): Promise<void> {
    const { page, mutations } = this.#suite;
    const seeds = readSeeds(readFileSync(`${root}${page}`, 'utf8'));
    const unknown = [...seeds.keys()].filter((name) => !mutations.some((mutation) => mutation.name === name));
    this.problems.push(
      ...unknown.map((name) => `${page} tells of '${name}', which does not exist: write it anew`),
    );
    await inParallel(mutations, this.#run.workers, async (mutation) => {
      const seed = seeds.get(mutation.name);
      if (seed === undefined)
        this.problems.push(`${page} does not tell of '${mutation.name}': write it anew`);
      else await this.#try(mutation, [seed], checkLimitMs);
    });
  }

  async tryAll(): Promise<void> {
    const { mutations, page, introduction } = this.#suite;
    const { only, workers } = this.#run;
    const wanted = mutations.filter(({ name }) => only.length === 0 || only.includes(name));
    const seeds = await this.#findSoundSeeds();
    const caught = new Map<Mutation, Caught>();
    await inParallel(wanted, workers, async (mutation) => {
      const result = await this.#try(mutation, seeds, limitMs);
      if (result !== undefined) caught.set(mutation, result);
    });
    if (only.length > 0) return;
    const inOrder = mutations.flatMap((mutation) => caught.get(mutation) ?? []);
    writeFileSync(
      `${root}${page}`,
      await formatPage(`${root}${page}`, renderDocument(inOrder, introduction)),
    );
  }

  /** Seeds with which the engines as they are violate nothing. */
  async #findSoundSeeds(): Promise<number[]> {
    const { seeds: count } = this.#suite;
    const seeds = Array.from({ length: count }, (_, index) => index + 1);
    const { trials } = await runTrials(this.#suite, {
      mutation: undefined,
      seeds,
      limitMs: count * checkLimitMs,
    });
    const failed = trials.filter(({ invariant }) => invariant !== '');
    this.problems.push(...failed.map(({ what }) => `without any mutation: ${what}`));
    return seeds.filter((seed) => trials.some((trial) => trial.seed === seed && trial.invariant === ''));
  }

  async #try(mutation: Mutation, seeds: readonly number[], forMs: number): Promise<Caught | undefined> {
    const { trials, timedOut } = await runTrials(this.#suite, { mutation, seeds, limitMs: forMs });
    const trial = trials.at(-1);
    if (trial !== undefined && trial.invariant !== '') {
      console.log(`${mutation.name}: caught by ${trial.what.split('\n')[0] ?? ''}`);
      return { mutation, trial, seedsTried: trials.length };
    }
    const how = timedOut ? `did not end in ${forMs} ms` : 'survived';
    this.problems.push(
      `${mutation.name} ${how}: ${mutation.broken} (${mutation.file}; ${trials.length} worlds)`,
    );
    return undefined;
  }
}
