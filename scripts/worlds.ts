/**
 * Runs the mixed worlds of many seeds, on the compiled packages (`npx tsc -b packages` first), and stops at the first broken invariant:
 *
 *   npx tsx scripts/worlds.ts --seeds 2000 [--from 1] [--minutes M] [--workers 2] [--all]
 *   npx tsx scripts/worlds.ts --seed N --trace
 *
 * See docs/invariants.md for what is checked.
 */
import { fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runMixedWorld, worldTrace } from '@rserpool/testkit';
import type { MixedWorldResult } from '@rserpool/testkit';
import type { WorldOutcome, WorldTask } from './worlds-worker.ts';

/** Every so manieth seed is run twice: its two runs must be alike to the byte. */
const twiceEvery = 50;

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
  const end = from + Number(values.seeds);
  const totals = new Totals();
  const failures: (WorldOutcome & { readonly ok: false })[] = [];
  const startedMs = performance.now();
  let next = from;
  const work = async (): Promise<void> => {
    const worker = fork(new URL('./worlds-worker.ts', import.meta.url), {
      execArgv: [...process.execArgv, '--max-semi-space-size=32'],
    });
    while (next < end && (values.all || failures.length === 0)) {
      const seed = next++;
      const outcome = await ask(worker, { seed, minutes, twice: seed % twiceEvery === 0 });
      if (outcome.ok) totals.add(outcome.result);
      else {
        failures.push(outcome);
        process.stderr.write(`seed ${seed}: ${outcome.invariant}\n  ${outcome.message}\n`);
        process.stderr.write(`  npx tsx scripts/worlds.ts --seed ${seed} --minutes ${minutes} --trace\n`);
      }
      if ((seed - from + 1) % 100 === 0) process.stderr.write(`${seed - from + 1} of ${end - from} seeds\n`);
    }
    worker.disconnect();
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, work));
  const wallSeconds = (performance.now() - startedMs) / 1_000;
  process.stdout.write(`${JSON.stringify(totals.summary(from, wallSeconds, failures))}\n`);
  if (failures.length > 0) process.exitCode = 1;
}

function ask(worker: ReturnType<typeof fork>, task: WorldTask): Promise<WorldOutcome> {
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
