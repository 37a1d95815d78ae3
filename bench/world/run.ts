// Cost of an event of the virtual world, by what happens at it, beside the hold model: a bare heap of times.
//   npx tsc -b packages/testkit && npx tsx bench/world/run.ts [--short] [what ...]
// One line of JSON for each; seconds are those of the processor; `ratio` is the world's rate by the hold model's with the same number of pending events. All take
// their turns several times, and the best of each counts, as the one that was disturbed least.
import { cpuTimeMs } from './cpu-time.ts';
import { holdModel } from './hold-model.ts';
import { workloads } from './workloads.ts';
import type { Workload } from './workloads.ts';

const short = process.argv.includes('--short');
const rounds = short ? 3 : 9;
const events = short ? 300_000 : 1_000_000;
const chosen = process.argv.slice(2).filter((argument) => argument in workloads);

for (const pending of [100, 10_000]) {
  const floor: number[] = [];
  const ours = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    floor.push((1_000 * events) / holdModel(pending, events));
    for (const [what, workload] of Object.entries(workloads)) {
      if (chosen.length > 0 && !chosen.includes(what)) continue;
      ours.set(what, [...(ours.get(what) ?? []), await rate(workload, pending)]);
    }
  }
  const floorPerSecond = Math.max(...floor);
  print('hold model', pending, floorPerSecond, 1);
  for (const [what, rates] of ours) {
    const perSecond = Math.max(...rates);
    print(what, pending, perSecond, perSecond / floorPerSecond);
  }
}

/** Events per second of one processor, after the world has come to its pace. */
async function rate(workload: Workload, pending: number): Promise<number> {
  const clock = await workload(pending);
  clock.runFor(30);
  const before = clock.eventsRun;
  const startMs = cpuTimeMs();
  while (clock.eventsRun - before < events) {
    if (clock.pendingTimers === 0) throw new Error('the world has come to rest');
    clock.runFor(0.5);
  }
  return (1_000 * (clock.eventsRun - before)) / (cpuTimeMs() - startMs);
}

function print(what: string, pending: number, perSecond: number, ratio: number): void {
  console.log(
    JSON.stringify({
      bench: 'world',
      what,
      pending,
      eventsPerSecond: Math.round(perSecond),
      ratio: Number(ratio.toFixed(2)),
    }),
  );
}
