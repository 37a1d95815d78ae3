import { Draw } from '../mixed-world/draw.ts';
import { Attacker } from './attacker.ts';
import { Connections } from './connections.ts';
import { AllSctpInvariants } from './invariants/all-sctp-invariants.ts';
import { SctpFaults } from './sctp-faults.ts';
import type { SctpMachine } from './sctp-machine.ts';
import { boundsOf, drawSctpPlan } from './sctp-plan.ts';
import type { SctpBounds, SctpPlan } from './sctp-plan.ts';
import { RandomStream } from '../world/random-stream.ts';
import { SctpWorldDigest } from './sctp-world-digest.ts';
import { SctpWorldStatistics } from './sctp-world-statistics.ts';
import type { SctpWorldCounts } from './sctp-world-statistics.ts';
import { SctpWorld } from './sctp-world.ts';
import type { SctpWorldObserver } from './sctp-world.ts';
import { Traffic } from './traffic.ts';

export interface SctpWorldOptions {
  /** Times as long with faults as drawn. Default 1. */
  readonly length?: number;
  /** Hash over all packets and events, to compare two runs. Default false. */
  readonly digest?: boolean;
  /** Makes a further observer, for a trace. */
  readonly observer?: (world: SctpWorld, plan: SctpPlan) => SctpWorldObserver;
  /** Default true. Without, a world only shows what it costs. */
  readonly checkers?: boolean;
}

/** What happened in a world in which nothing was wrong. */
export interface SctpWorldResult {
  readonly seed: number;
  readonly events: number;
  readonly virtualMs: number;
  readonly faults: number;
  /** From healing until nothing waited any more. */
  readonly settledMs: number;
  readonly counts: SctpWorldCounts;
  readonly digest: string | undefined;
}

const lookEveryMs = 500;
/** After healing, when everything gets on all the time, as keeps-going sees to. */
const settlingMs = 600_000;

/**
 * Runs the world of one seed: associations, traffic and faults; then healing, until nothing waits; new associations where there are none; and an end
 * in order; all of it watched by {@link AllSctpInvariants}.
 * @throws WorldViolation when an invariant is broken
 */
export function runSctpWorld(seed: number, options: SctpWorldOptions = {}): SctpWorldResult {
  return new SctpRun(seed, options).run();
}

class SctpRun {
  readonly #options: SctpWorldOptions;
  readonly #plan: SctpPlan;
  readonly #bounds: SctpBounds;
  readonly #world: SctpWorld;
  readonly #draw: Draw;
  readonly #traffic: Traffic;
  readonly #connections: Connections;
  readonly #faults: SctpFaults;
  readonly #attacker: Attacker;
  readonly #invariants: AllSctpInvariants;
  readonly #statistics = new SctpWorldStatistics();
  readonly #digest: SctpWorldDigest | undefined;

  constructor(seed: number, options: SctpWorldOptions) {
    this.#options = options;
    this.#plan = drawSctpPlan(new Draw(new RandomStream(seed, 'plan')));
    this.#bounds = boundsOf(this.#plan);
    const world = new SctpWorld(seed, this.#plan.quality);
    const drawFor = (name: string): Draw => new Draw(world.clock.randomStream(name));
    this.#world = world;
    this.#draw = drawFor('run');
    this.#traffic = new Traffic(world, drawFor('traffic'), this.#plan);
    this.#connections = new Connections(world, drawFor('connections'), this.#plan, this.#traffic);
    this.#faults = new SctpFaults(world, drawFor('faults'), this.#plan, (machine) => {
      this.#start(machine);
      this.#connections.started(machine);
    });
    this.#attacker = new Attacker(world, drawFor('attacker'), this.#plan.faultIntervalMs / 2);
    this.#invariants = new AllSctpInvariants(world, this.#plan);
    if (options.checkers !== false) world.observers.push(this.#invariants);
    world.observers.push(this.#statistics);
    this.#digest = options.digest === true ? new SctpWorldDigest(world) : undefined;
    if (this.#digest !== undefined) world.observers.push(this.#digest);
    // First, so that the line is there when a checker throws.
    if (options.observer !== undefined) world.observers.unshift(options.observer(world, this.#plan));
    for (const { name, addresses, port } of this.#plan.machines) world.addMachine(name, addresses, port);
  }

  run(): SctpWorldResult {
    const { clock, machines } = this.#world;
    for (const machine of machines) this.#start(machine);
    this.#connections.start();
    this.#faults.start();
    if (this.#plan.isAttacked) this.#attacker.start();
    this.#runFor(this.#plan.faultyMs * (this.#options.length ?? 1));
    this.#faults.pause();
    this.#leaveCut();
    this.#faults.heal();
    this.#attacker.end();
    this.#connections.end();
    this.#traffic.end();
    const healedMs = clock.nowMs;
    this.#settle();
    const settledMs = clock.nowMs - healedMs;
    this.#connectAnew();
    this.#end();
    return {
      seed: clock.seed,
      events: clock.eventsRun,
      virtualMs: clock.nowMs,
      faults: this.#faults.count,
      settledMs,
      counts: this.#statistics.counts,
      digest: this.#digest?.text,
    };
  }

  #start(machine: SctpMachine): void {
    const plan = this.#plan.machines.find(({ name }) => name === machine.name);
    if (plan === undefined) return;
    const { limits, parameters, streams, refuses, isCloseToWrap } = plan;
    this.#world.start(machine, {
      endpoint: { limits, parameters, streams },
      maxPacketBytes: this.#plan.maxPacketBytes,
      isCloseToWrap,
      ...(refuses ? {} : { onAccepted: (end) => this.#traffic.equip(end) }),
    });
  }

  /** In some worlds something is cut for so long that it must be noticed. */
  #leaveCut(): void {
    const { pathFailureMs, lossMs } = this.#bounds;
    const kind = this.#draw.integer(1, 10);
    if (kind > 3) return;
    const isWholeMachine = kind === 1;
    this.#faults.cutForLong(isWholeMachine);
    this.#runFor((isWholeMachine ? lossMs : pathFailureMs) + 2 * lookEveryMs);
  }

  #runFor(durationMs: number): void {
    const { clock } = this.#world;
    for (let leftMs = durationMs; leftMs > 0; leftMs -= lookEveryMs) {
      clock.runFor(Math.min(lookEveryMs, leftMs));
      if (this.#options.checkers !== false) this.#invariants.now();
    }
  }

  /** Until nothing is wrong. */
  #settle(): void {
    for (let leftMs = settlingMs; ; leftMs -= lookEveryMs) {
      const [first] = this.#invariants.unsettled();
      if (first === undefined) return;
      if (leftMs <= 0) this.#world.violation(first[0], `${first[1]}, ${settlingMs} ms after healing`);
      this.#runFor(lookEveryMs);
    }
  }

  /** Where no association is left, one is opened, and carries a few messages. */
  #connectAnew(): void {
    this.#connections.openMissing();
    this.#settle();
    for (const { liveEnds } of this.#world.processes) for (const end of liveEnds) this.#traffic.sendFew(end);
    this.#settle();
  }

  /** Every association is closed from one side or both, then the endpoints. */
  #end(): void {
    const { clock, processes, network } = this.#world;
    this.#invariants.ending();
    for (const { liveEnds } of processes) {
      for (const end of liveEnds) {
        const isFirst = end.isOpener || this.#world.peerOf(end)?.isAlive !== true;
        if (isFirst || this.#draw.chance(0.3))
          clock.setTimer(this.#draw.oneOf(0, 0, this.#draw.between(0, 20)), () => end.close());
      }
    }
    for (let leftMs = this.#bounds.shutdownMs; leftMs > 0 && this.#isSomethingLeft(); leftMs -= lookEveryMs)
      this.#runFor(lookEveryMs);
    this.#runFor(this.#plan.roundTripMs);
    this.#invariants.ended();
    for (const { endpoint } of processes) endpoint.close();
    clock.runFor(0);
    this.#invariants.stopped();
    if (network.inFlight > 0) this.#world.violation('nothing-left', 'closed endpoints have sent something');
  }

  #isSomethingLeft(): boolean {
    return this.#world.processes.some(({ liveEnds }) => liveEnds.length > 0);
  }
}
