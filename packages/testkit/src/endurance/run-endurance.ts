import { setTimeout as pause } from 'node:timers/promises';
import type { Component } from './component.ts';
import { EnduranceNetwork } from './endurance-network.ts';
import type { NetworkSize } from './endurance-network.ts';
import { EnduranceRecord } from './endurance-record.ts';
import type { EnduranceResult } from './endurance-record.ts';
import { faultSchedule } from './fault-schedule.ts';
import type { ScheduledFault } from './fault-schedule.ts';
import { smallest, largest } from './growth.ts';
import type { Growth } from './growth.ts';
import type { Measurement } from './process-messages.ts';
import { viewProblem } from './views.ts';

export interface EnduranceOptions {
  /** Everything together; faults for most of it. Under 2 the short form: less load, faults that come and go faster. */
  readonly minutes: number;
  readonly seed: number;
  /** Hears what happens, a line each. */
  readonly progress: (text: string) => void;
}

/** How long the parts of a run take. */
interface Plan {
  readonly size: NetworkSize;
  readonly warmUpMs: number;
  readonly faultsMs: number;
  /** After the last fault, before anything is judged. */
  readonly settleMs: number;
  readonly agreeLimitMs: number;
  readonly answerLimitMs: number;
  readonly faultIntervalMs: number;
  readonly minDurationMs: number;
  readonly maxDurationMs: number;
  readonly recoveryMs: number;
}

const firstMortal = { registrar: 1, element: 2 } as const;
const measurements = 3;
const measurementPauseMs = 1_000;
/** For an answer of a process. */
const limitMs = 5_000;

function planFor(minutes: number): Plan {
  const totalMs = minutes * 60_000;
  const isShort = minutes < 2;
  const size: NetworkSize = isShort
    ? { registrars: 3, elements: 6, users: 3, sessions: 3, intervalMs: 100, sessionLifeMs: 4_000 }
    : { registrars: 3, elements: 6, users: 4, sessions: 5, intervalMs: 50, sessionLifeMs: 15_000 };
  const warmUpMs = isShort ? 4_000 : 30_000;
  const settleMs = isShort ? 5_000 : 15_000;
  const limits = { agreeLimitMs: 30_000, answerLimitMs: 30_000 };
  const faultsMs = Math.max(0, totalMs - warmUpMs - settleMs);
  const pace = isShort
    ? { faultIntervalMs: 2_000, minDurationMs: 1_500, maxDurationMs: 4_000, recoveryMs: 4_000 }
    : { faultIntervalMs: 5_000, minDurationMs: 2_000, maxDurationMs: 10_000, recoveryMs: 6_000 };
  return { size, warmUpMs, faultsMs, settleMs, ...limits, ...pace };
}

/** The faults of a run. */
export function enduranceSchedule(minutes: number, seed: number): readonly ScheduledFault[] {
  const plan = planFor(minutes);
  return faultSchedule({
    ...{ seed, lengthMs: plan.faultsMs - plan.maxDurationMs, intervalMs: plan.faultIntervalMs },
    ...{ minDurationMs: plan.minDurationMs, maxDurationMs: plan.maxDurationMs, recoveryMs: plan.recoveryMs },
    ...{ registrars: plan.size.registrars, elements: plan.size.elements, mortalUser: plan.size.users - 1 },
    ...{ firstMortalRegistrar: firstMortal.registrar, firstMortalElement: firstMortal.element },
  });
}

/** Runs registrars, elements and users as processes of their own, with faults all the time, and judges what became of it. */
export async function runEndurance(options: EnduranceOptions): Promise<EnduranceResult> {
  const plan = planFor(options.minutes);
  const schedule = enduranceSchedule(options.minutes, options.seed);
  const record = new EnduranceRecord(options, plan.size, schedule);
  const network = new EnduranceNetwork(plan.size, options.seed, (process) => record.follow(process));
  const killAll = (): void => network.components.forEach((component) => component.kill());
  process.once('exit', killAll);
  const measureAlways = (): void =>
    network.components.forEach((component) => component.tell({ type: 'measure' }));
  const timers = [
    setInterval(() => record.tellProgress(), 5_000),
    setInterval(measureAlways, 15_000), // for the record only: it shows when something began to grow
  ];
  try {
    await network.start();
    record.begin();
    await play(network, plan, schedule, record);
  } catch (error) {
    record.problem(error instanceof Error ? error.message : String(error));
  }
  const result = record.result(network.flippedBits); // before they are killed: the killed ones do not count
  timers.forEach((timer) => clearInterval(timer));
  await network.end();
  process.off('exit', killAll);
  return result;
}

async function play(
  network: EnduranceNetwork,
  plan: Plan,
  schedule: readonly ScheduledFault[],
  record: EnduranceRecord,
): Promise<void> {
  await pause(plan.warmUpMs - measurements * measurementPauseMs);
  const compared = comparable(network, plan.size);
  const before = await measureAll(compared, largest);
  record.note('warm');
  await applyFaults(network, plan, schedule, record);
  record.note('all healed');
  await pause(plan.settleMs - measurements * measurementPauseMs);
  const after = await measureAll(compared, smallest);
  record.growths.push(...growths(compared, before, after));
  await agree(network, plan, record);
  await finish(network, plan, record);
}

/** Those that live from beginning to end. */
function comparable(network: EnduranceNetwork, { users }: NetworkSize): readonly Component[] {
  return [
    ...network.of('registrar').slice(0, firstMortal.registrar),
    ...network.of('element').slice(0, firstMortal.element),
    ...network.of('user').slice(0, users - 1),
  ];
}

/** In the order of the components; undefined for one that did not answer. */
async function measureAll(
  components: readonly Component[],
  combine: (measurements: readonly Measurement[]) => Measurement,
): Promise<readonly (Measurement | undefined)[]> {
  const all = components.map((): Measurement[] => []);
  for (let round = 0; round < measurements; round++) {
    await Promise.all(
      components.map(async (component, index) => {
        const measurement = (await component.ask('measure', 'measurement', limitMs))?.measurement;
        if (measurement !== undefined) all[index]?.push(measurement);
      }),
    );
    await pause(measurementPauseMs);
  }
  return all.map((some) => (some.length < measurements ? undefined : combine(some)));
}

function growths(
  components: readonly Component[],
  before: readonly (Measurement | undefined)[],
  after: readonly (Measurement | undefined)[],
): readonly Growth[] {
  return components.flatMap(({ name, role }, index) => {
    const [first, last] = [before[index], after[index]];
    if (first === undefined || last === undefined) throw new Error(`${name}: did not tell its measurements`);
    return { name, role, before: first, after: last };
  });
}

/** Resolves when the last fault is over, and its component ready again. */
async function applyFaults(
  network: EnduranceNetwork,
  plan: Plan,
  schedule: readonly ScheduledFault[],
  record: EnduranceRecord,
): Promise<void> {
  const startMs = performance.now();
  const until = (atMs: number): Promise<void> => pause(Math.max(0, startMs + atMs - performance.now()));
  const recoveries: Promise<void>[] = [];
  for (const scheduled of schedule) {
    await until(scheduled.atMs);
    const component = network.componentOf(scheduled);
    record.faultBegins(scheduled);
    component.suffer(scheduled.fault);
    recoveries.push(
      until(scheduled.atMs + scheduled.durationMs)
        .then(() => component.recover(scheduled.fault))
        .then(() => record.faultEnds(scheduled))
        .catch((error: unknown) => record.problem(String(error))), // it does not start again
    );
  }
  await Promise.all(recoveries);
  await until(plan.faultsMs);
}

/** Waits until all registrars have the same view, of exactly those that live. */
async function agree(network: EnduranceNetwork, plan: Plan, record: EnduranceRecord): Promise<void> {
  const startMs = performance.now();
  const registrars = network.of('registrar');
  const expected = {
    registrars: registrars.map(({ identity }) => identity),
    elements: network.of('element').map(({ identity }) => identity),
  };
  for (;;) {
    const views = await Promise.all(
      registrars.map(async (registrar) => (await registrar.ask('view', 'view', limitMs))?.view),
    );
    const problem = viewProblem(views, expected);
    if (problem === undefined) {
      record.note('all registrars agree');
      return;
    }
    if (performance.now() - startMs > plan.agreeLimitMs) {
      record.problem(problem);
      return;
    }
    await pause(500);
  }
}

/** No more requests; waits until the last ones are answered. */
async function finish(network: EnduranceNetwork, plan: Plan, record: EnduranceRecord): Promise<void> {
  record.stopped();
  await Promise.all(
    network.of('user').map(async (user) => {
      const finished = await user.ask('finish', 'finished', plan.answerLimitMs);
      if (finished === undefined)
        record.problem(`${user.name}: not all was answered within ${plan.answerLimitMs} ms`);
    }),
  );
}
