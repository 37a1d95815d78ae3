import { runMixedWorld, WorldViolation } from '@rserpool/testkit';
import type { MixedWorldResult } from '@rserpool/testkit';

/** What a worker is asked to run, and what it answers. */
export interface WorldTask {
  readonly seed: number;
  readonly minutes: number;
  /** Run it a second time and compare the digests. */
  readonly twice: boolean;
}

export type WorldOutcome =
  | { readonly ok: true; readonly seed: number; readonly result: MixedWorldResult }
  | { readonly ok: false; readonly seed: number; readonly invariant: string; readonly message: string };

process.on('message', (task: WorldTask) => process.send?.(run(task)));

function run({ seed, minutes, twice }: WorldTask): WorldOutcome {
  try {
    const result = runMixedWorld(seed, { minutes, digest: twice });
    if (twice) {
      const { digest } = runMixedWorld(seed, { minutes, digest: true });
      if (digest !== result.digest) {
        const message = `two runs differ: digests ${String(result.digest)} and ${String(digest)} (seed ${seed})`;
        return { ok: false, seed, invariant: 'same-seed-same-run', message };
      }
    }
    return { ok: true, seed, result };
  } catch (error) {
    if (error instanceof WorldViolation) {
      return { ok: false, seed, invariant: error.invariant, message: error.message };
    }
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { ok: false, seed, invariant: 'no-exception', message };
  }
}
