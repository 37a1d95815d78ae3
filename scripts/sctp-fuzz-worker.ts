import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { FuzzFailure, fuzzRound } from '../packages/sctp/test/fuzz/fuzz-round.ts';
import type { FuzzRound } from '../packages/sctp/test/fuzz/fuzz-round.ts';

/** What the worker is asked to do. */
export interface FuzzTask {
  readonly seed: number;
  readonly round: number;
  readonly packets: number;
}

export type FuzzAnswer =
  | { readonly ok: true; readonly result: FuzzRound; readonly heapGrowthBytes: number }
  | { readonly ok: false; readonly message: string };

/** When everything is compiled that is going to be. */
const warmShare = 0.4;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

process.on('message', (task: FuzzTask) => process.send?.(run(task)));

function run({ seed, round, packets }: FuzzTask): FuzzAnswer {
  const warm = Math.floor(packets * warmShare);
  let before = 0;
  let after = 0;
  try {
    const result = fuzzRound(seed, round, packets, (index) => {
      if (index === warm) before = heapBytes();
      else if (index === packets - 1) after = heapBytes();
    });
    return { ok: true, result, heapGrowthBytes: after - before };
  } catch (error) {
    if (error instanceof FuzzFailure) return { ok: false, message: error.message };
    throw error;
  }
}

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}
