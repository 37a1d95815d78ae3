import { AllInvariants } from '../invariants/all-invariants.ts';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { WorldObserver } from '../pool-world/world-observer.ts';
import { Faults } from './faults.ts';
import { MixedWorld, startingMs } from './mixed-world.ts';
import type { MixedPlan } from './mixed-plan.ts';
import { settlingBounds } from './settling.ts';
import { WorldDigest } from './world-digest.ts';
import { WorldStatistics } from './world-statistics.ts';

export interface MixedWorldOptions {
  /** Virtual minutes with faults. Default 10. */
  readonly minutes?: number;
  /** Hash over all messages and events, to compare two runs; costs some time. Default false. */
  readonly digest?: boolean;
  /** What is not to be as the seed draws it. */
  readonly plan?: Partial<MixedPlan>;
  /** Makes a further observer, for a trace. */
  readonly observer?: (world: PoolWorld) => WorldObserver;
  /** Default true. Without, a world only shows what it costs. */
  readonly checkers?: boolean;
}

/** What happened in a world in which nothing was wrong. */
export interface MixedWorldResult {
  readonly seed: number;
  readonly events: number;
  readonly virtualMs: number;
  readonly faults: number;
  readonly asked: number;
  readonly answered: number;
  readonly failed: number;
  readonly failovers: number;
  readonly takeovers: number;
  readonly statesRestored: number;
  /** By invariant: when it held for good after healing, and its bound. */
  readonly settled: readonly {
    readonly invariant: string;
    readonly tookMs: number;
    readonly boundMs: number;
  }[];
  readonly digest: string | undefined;
}

/** Nothing may be wrong for so long after healing. */
const steadyMs = 60_000;
const lookEveryMs = 1_000;
/** After everything was told to stop, T3 (twice), closing and the detection of failures may take so long. */
const stoppingMs = 60_000;

/**
 * Runs the world of one seed: faults all the time, then healing, a steady minute, and an end in order; all of it watched by
 * {@link AllInvariants}.
 * @throws WorldViolation when an invariant is broken
 */
export function runMixedWorld(seed: number, options: MixedWorldOptions = {}): MixedWorldResult {
  return new MixedRun(seed, options).run();
}

class MixedRun {
  readonly #mixed: MixedWorld;
  readonly #options: MixedWorldOptions;
  readonly #faults: Faults;
  readonly #invariants: AllInvariants;
  readonly #statistics = new WorldStatistics();
  readonly #digest: WorldDigest | undefined;
  readonly #settled = new Map<string, number>();

  constructor(seed: number, options: MixedWorldOptions) {
    this.#options = options;
    this.#mixed = new MixedWorld(seed, options.plan);
    const { world, plan } = this.#mixed;
    this.#faults = new Faults(this.#mixed);
    this.#invariants = new AllInvariants(world, { mangled: plan.mangling > 0 });
    if (options.checkers !== false) this.#invariants.watch();
    world.observers.push(this.#statistics);
    this.#digest = options.digest === true ? new WorldDigest(world) : undefined;
    if (this.#digest !== undefined) world.observers.push(this.#digest);
    if (options.observer !== undefined) world.observers.push(options.observer(world));
  }

  run(): MixedWorldResult {
    const { world } = this.#mixed;
    this.#mixed.start();
    this.#runFor(startingMs);
    this.#faults.start();
    this.#runFor((this.#options.minutes ?? 10) * 60_000);
    this.#faults.heal();
    if (this.#options.checkers !== false) this.#settle();
    this.#end();
    const bounds = settlingBounds(this.#mixed.plan);
    return {
      seed: world.clock.seed,
      events: world.clock.eventsRun,
      virtualMs: world.clock.nowMs,
      faults: this.#faults.count,
      asked: this.#statistics.asked,
      answered: this.#statistics.answered,
      failed: this.#statistics.failed,
      failovers: this.#statistics.failovers,
      takeovers: this.#statistics.takeovers,
      statesRestored: this.#statistics.statesRestored,
      settled: Array.from(bounds, ([invariant, boundMs]) => {
        return { invariant, tookMs: this.#settled.get(invariant) ?? 0, boundMs };
      }),
      digest: this.#digest?.text,
    };
  }

  #runFor(durationMs: number): void {
    const { clock, network } = this.#mixed.world;
    for (let leftMs = durationMs; leftMs > 0; leftMs -= 30_000) {
      clock.runFor(Math.min(30_000, leftMs));
      if (this.#options.checkers !== false) this.#invariants.now();
      network.logEntries.length = 0; // nobody reads them
    }
  }

  /** Until nothing was wrong for a whole steady time. */
  #settle(): void {
    const { world, plan } = this.#mixed;
    const bounds = settlingBounds(plan);
    const healedMs = world.clock.nowMs;
    let steadySinceMs = Infinity;
    while (world.clock.nowMs - steadySinceMs < steadyMs) {
      this.#runFor(lookEveryMs);
      const wrong = this.#invariants.unsettled();
      const tookMs = world.clock.nowMs - healedMs;
      for (const [invariant, what] of wrong) {
        this.#settled.set(invariant, tookMs);
        const boundMs = bounds.get(invariant) ?? 0;
        if (tookMs > boundMs) {
          world.violation(
            invariant,
            `${what}, ${tookMs.toFixed(0)} ms after healing, allowed are ${boundMs.toFixed(0)}`,
          );
        }
      }
      if (wrong.size > 0) steadySinceMs = Infinity;
      else if (steadySinceMs === Infinity) {
        steadySinceMs = world.clock.nowMs;
        this.#invariants.steadyMemory.begin();
      }
      if (wrong.size === 0) this.#invariants.steadyMemory.sample();
    }
    this.#invariants.steadyMemory.end();
  }

  /** Users, then elements, then registrars. */
  #end(): void {
    const { world, users } = this.#mixed;
    this.#mixed.isEnding = true;
    users.closeAll();
    this.#runFor(10_000);
    for (const user of world.users()) user.engine.stop();
    for (const element of world.elements()) element.engine.stop();
    this.#runWhile(() => world.registrars().some(({ engine }) => engine.handlespace.elementCount > 0));
    for (const registrar of world.registrars()) registrar.engine.stop();
    this.#runWhile(() => world.processes().some(({ node }) => world.clock.pendingOf(node).length > 0));
    if (this.#options.checkers !== false) this.#invariants.stopped();
  }

  /** As long as something is left, and stopping may take. */
  #runWhile(isLeft: () => boolean): void {
    for (let leftMs = stoppingMs; leftMs > 0 && isLeft(); leftMs -= lookEveryMs) this.#runFor(lookEveryMs);
  }
}
