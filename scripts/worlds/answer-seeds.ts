import { WorldViolation } from '@rserpool/testkit';
import type { SeedOutcome, SeedTask } from './run-seeds.ts';

/** Runs a world; the result has a digest where one is wanted. */
type RunWorld = (seed: number, length: number, digest: boolean) => { readonly digest: string | undefined };

/** Makes this process a worker of `runSeeds`: runs each world that it is asked for, twice where its digests are to be compared. */
export function answerSeeds(runWorld: RunWorld): void {
  process.on('message', (task: SeedTask) => process.send?.(answer(task, runWorld)));
}

function answer({ seed, length, twice }: SeedTask, runWorld: RunWorld): SeedOutcome<unknown> {
  try {
    const result = runWorld(seed, length, twice);
    if (twice) {
      const { digest } = runWorld(seed, length, true);
      if (digest !== result.digest) {
        const message = `two runs differ: digests ${String(result.digest)} and ${String(digest)} (seed ${seed})`;
        return { ok: false, seed, invariant: 'same-seed-same-run', message };
      }
    }
    return { ok: true, seed, result };
  } catch (error) {
    if (error instanceof WorldViolation)
      return { ok: false, seed, invariant: error.invariant, message: error.message };
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ok: false, seed, invariant: 'no-exception', message };
  }
}
