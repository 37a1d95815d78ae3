/**
 * Runs the mixed worlds of many seeds, on the compiled packages (`npx tsc -b packages` first), and stops at the first broken invariant:
 *
 *   npx tsx scripts/worlds.ts --seeds 2000 [--from 1] [--minutes M] [--workers 2] [--all]
 *   npx tsx scripts/worlds.ts --seed N --trace
 *
 * See docs/invariants.md for what is checked.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runMixedWorld, worldTrace } from '@rserpool/testkit';
import type { MixedWorldResult } from '@rserpool/testkit';
import { runSeeds } from './worlds/run-seeds.ts';
import type { SeedFailure } from './worlds/run-seeds.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '10' },
    workers: { type: 'string', default: String(Math.min(8, availableParallelism())) },
    seed: { type: 'string' },
    trace: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
  },
});

/** Sums over all worlds, and the longest time that each invariant took to hold after healing. */
class Totals {
  readonly #sums = { seeds: 0, events: 0, virtualHours: 0, faults: 0, asked: 0, answered: 0, failed: 0 };
  readonly #more = { failovers: 0, takeovers: 0, statesRestored: 0 };
  readonly #settled = new Map<string, { tookMs: number; boundMs: number; seed: number }>();

  add(result: MixedWorldResult): void {
    const sums = this.#sums;
    sums.seeds++;
    sums.virtualHours += result.virtualMs / 3_600_000;
    for (const name of ['events', 'faults', 'asked', 'answered', 'failed'] as const)
      sums[name] += result[name];
    for (const name of ['failovers', 'takeovers', 'statesRestored'] as const)
      this.#more[name] += result[name];
    for (const { invariant, tookMs, boundMs } of result.settled) {
      const longest = this.#settled.get(invariant);
      if (longest !== undefined && longest.tookMs / longest.boundMs >= tookMs / boundMs) continue;
      this.#settled.set(invariant, { tookMs, boundMs: Math.round(boundMs), seed: result.seed });
    }
  }

  summary(from: number, wallSeconds: number, failures: readonly object[]): object {
    const { virtualHours, ...sums } = this.#sums;
    return {
      from,
      ...sums,
      ...this.#more,
      virtualHours: Math.round(virtualHours),
      wallSeconds: Math.round(wallSeconds),
      /** Of all bounds, the nearest that any world came to. */
      nearest: Object.fromEntries(this.#settled),
      failures,
    };
  }
}

const minutes = Number(values.minutes);
if (values.seed === undefined) await runMany();
else runOne(Number(values.seed));

function runOne(seed: number): void {
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
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
  const from = Number(values.from);
  const totals = new Totals();
  const failures: SeedFailure[] = [];
  const startedMs = performance.now();
  await runSeeds<MixedWorldResult>({
    worker: new URL('./worlds-worker.ts', import.meta.url),
    workers: Number(values.workers),
    from,
    seeds: Number(values.seeds),
    length: minutes,
    all: values.all,
    onResult: (result) => totals.add(result),
    onFailure: (failure) => {
      const { seed, invariant, message } = failure;
      failures.push(failure);
      process.stderr.write(`seed ${seed}: ${invariant}\n  ${message}\n`);
      process.stderr.write(`  npx tsx scripts/worlds.ts --seed ${seed} --minutes ${minutes} --trace\n`);
    },
  });
  const wallSeconds = (performance.now() - startedMs) / 1_000;
  process.stdout.write(`${JSON.stringify(totals.summary(from, wallSeconds, failures))}\n`);
  if (failures.length > 0) process.exitCode = 1;
}
