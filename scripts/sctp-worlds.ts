import { availableParallelism } from 'node:os';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runSctpWorld, sctpWorldTrace } from '@rserpool/testkit';
import type { SctpWorldOptions, SctpWorldResult } from '@rserpool/testkit';
import { formatPage } from './format-page.ts';
import { SctpTotals, writeHunt } from './sctp-worlds/hunt-record.ts';
import { runSeeds, seedRange } from './worlds/run-seeds.ts';
import type { SeedFailure } from './worlds/run-seeds.ts';

const help = `Seeded worlds of SCTP: the engine that ships, on a virtual network that loses, doubles, delays, changes and cuts.
Every world is watched by the checkers that docs/sctp-worlds.md tells of; stops at the first broken invariant.

  npm run sctp-worlds -- [options]          on the compiled packages, which it builds
  npx tsx -C @rserpool/source scripts/sctp-worlds.ts [options]     from source

  --seeds N     how many worlds (2000)
  --first S     the first seed (1)
  --workers N   processes (${Math.min(8, availableParallelism())})
  --minutes M   begin no further world after so many minutes of real time
  --length F    times as long with faults as drawn (1)
  --all         go on after a failure
  --record      write the result into docs/sctp-worlds.md
  --seed N      one world; prints what happened in it
  --trace       with --seed: a line for each packet and event
  --help        this

Examples:
  npm run sctp-worlds -- --seeds 20000 --workers 2 --record
  npm run sctp-worlds -- --seed 4711 --trace | grep 'b1>a'

Every 50th seed is run twice; both runs must be alike to the byte. The last line of output is JSON. Exit code 1: an invariant was broken.
`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    first: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(Math.min(8, availableParallelism())) },
    minutes: { type: 'string' },
    length: { type: 'string', default: '1' },
    all: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const page = new URL('../docs/sctp-worlds.md', import.meta.url);
const length = positive('length', values.length);
if (values.help) process.stdout.write(help);
else if (values.seed === undefined) await runMany();
else runOne(whole('seed', values.seed));

function runOne(seed: number): void {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    const trace = values.trace ? { observer: traceWithPlan(print) } : {};
    print(JSON.stringify(runSctpWorld(seed, { length, digest: true, ...trace })));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  }
}

/** The plan comes first. */
function traceWithPlan(print: (line: string) => void): NonNullable<SctpWorldOptions['observer']> {
  return (world, plan) => {
    print(JSON.stringify(plan));
    return sctpWorldTrace(world, print);
  };
}

async function runMany(): Promise<void> {
  const first = whole('first', values.first);
  const totals = new SctpTotals();
  const failures: SeedFailure[] = [];
  const startedMs = performance.now();
  await runSeeds<SctpWorldResult>(seedRange(first, first + positive('seeds', values.seeds)), {
    worker: new URL('./sctp-worlds-worker.ts', import.meta.url),
    workers: positive('workers', values.workers),
    length,
    all: values.all,
    ...(values.minutes === undefined ? {} : { limitMs: 60_000 * positive('minutes', values.minutes) }),
    onResult: (result) => totals.add(result),
    onFailure: (failure) => {
      const { seed, invariant, message } = failure;
      failures.push(failure);
      const again = `npm run sctp-worlds -- --seed ${seed}${length === 1 ? '' : ` --length ${length}`} --trace`;
      process.stderr.write(`seed ${seed}: ${invariant}\n  ${message}\n  ${again}\n`);
    },
  });
  const record = totals.record(first, (performance.now() - startedMs) / 1_000, failures);
  process.stdout.write(`${JSON.stringify(record)}\n`);
  if (values.record)
    writeFileSync(page, await formatPage(page.pathname, writeHunt(readFileSync(page, 'utf8'), record)));
  if (failures.length > 0) process.exitCode = 1;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  return value > 0 ? value : refuse(name, 'a number above 0', text);
}

function whole(name: string, text: string): number {
  const value = Number(text);
  return text !== '' && Number.isSafeInteger(value) ? value : refuse(name, 'a whole number', text);
}

function refuse(name: string, expected: string, got: string): never {
  process.stderr.write(`--${name}: expected ${expected}, got '${got}'; see --help\n`);
  process.exit(2);
}
