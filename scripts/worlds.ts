import { availableParallelism } from 'node:os';
import { runMixedWorld, worldTrace } from '@rserpool/testkit';
import type { MixedWorldResult } from '@rserpool/testkit';
import { integerFrom, numberFrom, readOptions } from './command-line.ts';
import { commitHere, HuntRecord } from './worlds/hunt-record.ts';
import { runSeeds, seedRange } from './worlds/run-seeds.ts';
import type { SeedFailure } from './worlds/run-seeds.ts';
import { Totals } from './worlds/totals.ts';

const help = `Runs mixed worlds drawn from seeds, all invariants watching: docs/invariants.md. Run "npx tsc -b packages" first.

  npx tsx scripts/worlds.ts [--seeds 2000] [--from 1]  many; stops at the first broken invariant
  npx tsx scripts/worlds.ts --seed N [--trace]         one; with every message and event of it
  npx tsx scripts/worlds.ts --record FILE              a hunt that can be stopped, and goes on when called again

Options
  --seeds N     how many seeds (2000)
  --from N      the first of them (1)
  --minutes N   virtual minutes with faults (10)
  --workers N   processes (${Math.min(8, availableParallelism())})
  --all         go on after a broken invariant
  --record FILE append a line of JSON for each chunk, failures included; begin after the last seed in it
  --chunk N     seeds of a chunk (1000)
  --again       with --record: run the seeds again that failed, and are not known to be clean since

Examples
  npm run worlds -- --seeds 100 --minutes 60
  npx tsx scripts/worlds.ts --seed 4711 --trace | grep ' r2'
  npm run worlds -- --record docs/world-hunt.jsonl --seeds 50000 --workers 1
  npm run worlds -- --record docs/world-hunt.jsonl --again

Standard output: one line of JSON at the end. Exit code 1: an invariant was broken; 2: wrong options.
`;

const values = readOptions(help, {
  seeds: { type: 'string', default: '2000' },
  from: { type: 'string', default: '1' },
  minutes: { type: 'string', default: '10' },
  workers: { type: 'string', default: String(Math.min(8, availableParallelism())) },
  seed: { type: 'string' },
  trace: { type: 'boolean', default: false },
  all: { type: 'boolean', default: false },
  record: { type: 'string' },
  chunk: { type: 'string', default: '1000' },
  again: { type: 'boolean', default: false },
});
const minutes = numberFrom(0, 'minutes', values.minutes);
const workers = integerFrom(1, 'workers', values.workers);
const from = integerFrom(0, 'from', values.from);
const end = from + integerFrom(0, 'seeds', values.seeds);

if (values.seed !== undefined) runOne(integerFrom(0, 'seed', values.seed));
else if (values.record !== undefined) await hunt(new HuntRecord(values.record));
else await runMany();

function runOne(seed: number): void {
  try {
    const result = runMixedWorld(seed, {
      minutes,
      ...(values.trace ? { observer: (world) => worldTrace(world, print) } : {}),
    });
    print(JSON.stringify(result));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  }
}

async function runMany(): Promise<void> {
  const startedMs = performance.now();
  const { totals, failures } = await runWorlds(seedRange(from, end), values.all);
  const wallSeconds = Math.round((performance.now() - startedMs) / 1_000);
  print(JSON.stringify({ from, ...totals.sums, wallSeconds, nearest: totals.nearest, failures }));
  if (failures.length > 0) process.exitCode = 1;
}

/** Chunk by chunk, each with the commit that it was run with. */
async function hunt(record: HuntRecord): Promise<void> {
  const size = integerFrom(1, 'chunk', values.chunk);
  if (values.again) await huntFor(record, record.openSeeds());
  else {
    for (let next = record.nextSeed(from); next < end; next = record.nextSeed(from))
      await huntFor(record, seedRange(next, Math.min(next + size, end)));
  }
  print(JSON.stringify(record.summary()));
  if (record.openSeeds().length > 0) process.exitCode = 1;
}

async function huntFor(record: HuntRecord, seeds: readonly number[]): Promise<void> {
  const [first = 0] = seeds;
  const commit = commitHere();
  const { totals, failures } = await runWorlds(seeds, true);
  record.add({
    from: values.again ? seeds : first,
    seeds: seeds.length,
    ...{ minutes, commit, endedAt: new Date().toISOString() },
    sums: totals.sums,
    failures: failures.map(({ seed, invariant, message }) => ({ seed, invariant, message })),
  });
  process.stderr.write(`${seeds.length} seeds from ${first}, ${failures.length} failed (${commit})\n`);
}

interface WorldsResult {
  readonly totals: Totals;
  readonly failures: readonly SeedFailure[];
}

/** A failure is printed with the command that shows it. */
async function runWorlds(seeds: readonly number[], all: boolean): Promise<WorldsResult> {
  const totals = new Totals();
  const failures: SeedFailure[] = [];
  await runSeeds<MixedWorldResult>(seeds, {
    worker: new URL('./worlds-worker.ts', import.meta.url),
    workers,
    length: minutes,
    all,
    onResult: (result) => totals.add(result),
    onFailure: (failure) => {
      const { seed, invariant, message } = failure;
      failures.push(failure);
      process.stderr.write(`seed ${seed}: ${invariant}\n  ${message}\n`);
      process.stderr.write(`  npx tsx scripts/worlds.ts --seed ${seed} --minutes ${minutes} --trace\n`);
    },
  });
  return { totals, failures };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
