// Handlespace speed: register, resolve (1 item), re-register (new load) and deregister per policy and pool size, beside
// RSPLIB's own handlespace where that is installed.
//   npx tsc -b packages/core && npx tsx bench/handlespace/run.ts [--short] [policy ...]
// One line of JSON for each measurement; ratio is our rate by RSPLIB's. Both sides run in turn, several times, and the best
// run of each counts, so that what else the machine does hits both alike. Then the memory that an element takes.
import { bytesPerElement } from './memory.ts';
import { timeOurs } from './ours.ts';
import { compileRsplib } from './rsplib.ts';
import type { Rsplib } from './rsplib.ts';
import { isPolicy, operationNames, policies } from './workload.ts';
import type { Rates, Workload } from './workload.ts';

const sizes = [10, 1_000, 10_000, 100_000];
const sizeThatCounts = 10_000;
const policiesOfDifferentStructure = [
  'round-robin',
  'weighted-round-robin',
  'weighted-random',
  'least-used',
] as const;

interface Ratio {
  readonly policy: string;
  readonly operation: string;
  readonly ratio: number;
}

function main(): void {
  const isShort = process.argv.includes('--short');
  const chosen = process.argv.slice(2).filter(isPolicy);
  const rsplib = compileRsplib();
  if (typeof rsplib === 'string') console.log(JSON.stringify({ rsplib: 'not measured', reason: rsplib }));
  const runs = isShort ? 2 : 5;
  const operations = isShort ? 20_000 : 200_000; // at least: a pool is always filled and emptied
  for (const policy of policies) timeOurs({ policy, elements: 1000, operations: 20_000 }); // a registrar runs for long
  const ratios: Ratio[] = [];
  for (const policy of chosen.length > 0 ? chosen : policies) {
    for (const elements of isShort && !isExample(policy) ? [sizeThatCounts] : sizes) {
      const compared = compare(
        { policy, elements, operations },
        runs,
        typeof rsplib === 'string' ? undefined : rsplib,
      );
      if (elements === sizeThatCounts) ratios.push(...compared);
    }
  }
  if (typeof rsplib !== 'string') rsplib.remove();
  for (const policy of policiesOfDifferentStructure) {
    console.log(
      JSON.stringify({
        policy,
        elements: 100_000,
        bytesPerElement: Math.round(bytesPerElement(policy, 100_000)),
      }),
    );
  }
  const lowest = ratios.reduce<Ratio | undefined>(
    (a, b) => (a !== undefined && a.ratio <= b.ratio ? a : b),
    undefined,
  );
  console.log(
    JSON.stringify({
      summary: 'lowest ratio to RSPLIB',
      elements: sizeThatCounts,
      ...(lowest ?? { ratio: null }),
    }),
  );
}

/** One policy of each structure; a short run has only them in all sizes. */
function isExample(policy: string): boolean {
  return policiesOfDifferentStructure.some((example) => example === policy);
}

/** Times a workload on both sides in turn and prints the best of each. */
function compare(workload: Workload, runs: number, rsplib: Rsplib | undefined): Ratio[] {
  const ours: Rates[] = [];
  const theirs: Rates[] = [];
  for (let run = 0; run < runs; run++) {
    ours.push(timeOurs(workload));
    if (rsplib !== undefined) theirs.push(rsplib.time(workload));
  }
  const { policy, elements } = workload;
  const ratios: Ratio[] = [];
  for (const operation of operationNames) {
    const opsPerSecond = best(ours, operation);
    const line = { policy, elements, operation, opsPerSecond: Math.round(opsPerSecond) };
    if (theirs.length === 0) {
      console.log(JSON.stringify(line));
      continue;
    }
    const rsplibOpsPerSecond = best(theirs, operation);
    const ratio = Math.round((100 * opsPerSecond) / rsplibOpsPerSecond) / 100;
    console.log(JSON.stringify({ ...line, rsplibOpsPerSecond: Math.round(rsplibOpsPerSecond), ratio }));
    ratios.push({ policy, operation, ratio });
  }
  for (const [index, rates] of theirs.entries()) {
    if (rates.selected !== ours[index]?.selected)
      throw new Error(`${policy}: the two sides did not do the same work`);
  }
  return ratios;
}

function best(rates: readonly Rates[], operation: (typeof operationNames)[number]): number {
  return Math.max(...rates.map((rate) => rate[operation]));
}

main();
