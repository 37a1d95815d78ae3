import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { WorldOutcome, WorldTask } from '../worlds-worker.ts';
import { Totals } from './totals.ts';

/** Every so manieth seed is run twice: its two runs must be alike to the byte. */
const twiceEvery = 50;

export type Failure = WorldOutcome & { readonly ok: false };

export interface SeedsResult {
  readonly totals: Totals;
  readonly failures: readonly Failure[];
}

export interface SeedsOptions {
  readonly minutes: number;
  readonly workers: number;
  /** Do not stop at the first that fails. */
  readonly all: boolean;
  /** Told after each, how many were run. */
  readonly progress: (done: number) => void;
}

/** Runs worlds in processes of their own; a failure is printed with the command that shows it. */
export async function runSeeds(seeds: readonly number[], options: SeedsOptions): Promise<SeedsResult> {
  const { minutes, all, progress } = options;
  const totals = new Totals();
  const failures: Failure[] = [];
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    const worker = fork(new URL('../worlds-worker.ts', import.meta.url), {
      execArgv: [...process.execArgv, '--max-semi-space-size=64'], // a world makes some 80 MB, most of it short-lived
    });
    for (;;) {
      const seed = seeds[next++];
      if (seed === undefined || (failures.length > 0 && !all)) break;
      const outcome = await ask(worker, { seed, minutes, twice: seed % twiceEvery === 0 });
      if (outcome.ok) totals.add(outcome.result);
      else {
        failures.push(outcome);
        process.stderr.write(`seed ${seed}: ${outcome.invariant}\n  ${outcome.message}\n`);
        process.stderr.write(`  npx tsx scripts/worlds.ts --seed ${seed} --minutes ${minutes} --trace\n`);
      }
      progress(++done);
    }
    worker.disconnect();
  };
  await Promise.all(Array.from({ length: options.workers }, work));
  return { totals, failures };
}

function ask(worker: ChildProcess, task: WorldTask): Promise<WorldOutcome> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null): void =>
      reject(new Error(`worker died (${code}) at seed ${task.seed}`));
    worker.once('exit', died);
    worker.once('message', (outcome: WorldOutcome) => {
      worker.off('exit', died);
      resolve(outcome);
    });
    worker.send(task);
  });
}
