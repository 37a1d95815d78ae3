import { WorkerProcess } from './worker-process.ts';

/** What a worker is asked to run. */
export interface SeedTask {
  readonly seed: number;
  /** Length of the world: what that means is the worker's business. */
  readonly length: number;
  /** Run it a second time: both runs must be alike to the byte. */
  readonly twice: boolean;
}

/** What a worker answers. */
export type SeedOutcome<R> =
  { readonly ok: true; readonly seed: number; readonly result: R } | ({ readonly ok: false } & SeedFailure);

export interface SeedFailure {
  readonly seed: number;
  readonly invariant: string;
  readonly message: string;
}

export interface SeedRun<R> {
  /** The program of the workers, which answers each task. */
  readonly worker: URL;
  readonly workers: number;
  readonly length: number;
  /** Go on after a failure. */
  readonly all: boolean;
  /** No seed is begun any more when this time is over. Default: Infinity. */
  readonly limitMs?: number;
  readonly onResult: (result: R) => void;
  readonly onFailure: (failure: SeedFailure) => void;
}

/** Every so manieth seed is run twice. */
const twiceEvery = 50;
const progressEvery = 100;

/** Runs worlds in processes of their own, one seed after the other. Tells of its progress on standard error. */
export async function runSeeds<R>(seeds: readonly number[], run: SeedRun<R>): Promise<void> {
  const { all, limitMs = Infinity, length } = run;
  const startedMs = performance.now();
  let next = 0;
  let done = 0;
  let hasFailed = false;
  const nextSeed = (): number | undefined =>
    (all || !hasFailed) && performance.now() - startedMs < limitMs ? seeds[next++] : undefined;
  const work = async (): Promise<void> => {
    // A world makes some 80 MB, most of it short-lived.
    const worker = new WorkerProcess<SeedTask, SeedOutcome<R>>(run.worker, '--max-semi-space-size=64');
    for (let seed = nextSeed(); seed !== undefined; seed = nextSeed()) {
      const outcome = await worker.ask({ seed, length, twice: seed % twiceEvery === 0 });
      if (outcome.ok) run.onResult(outcome.result);
      else {
        hasFailed = true;
        run.onFailure(outcome);
      }
      done += 1;
      if (done % progressEvery === 0) process.stderr.write(`${done} of ${seeds.length} seeds\n`);
    }
    worker.end();
  };
  await Promise.all(Array.from({ length: run.workers }, work));
}

/** From `first` to the one before `end`. */
export function seedRange(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_, index) => first + index);
}
