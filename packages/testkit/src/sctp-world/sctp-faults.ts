import type { Draw } from '../mixed-world/draw.ts';
import type { PacketQuality } from './packet-path.ts';
import type { SctpMachine } from './sctp-machine.ts';
import { drawParameters } from './sctp-plan.ts';
import type { SctpPlan } from './sctp-plan.ts';
import type { SctpWorld } from './sctp-world.ts';

/** A direction of a path. */
type Direction = readonly [from: string, to: string];

/** What is done to a world of SCTP at random times, until it is healed. */
export class SctpFaults {
  readonly #world: SctpWorld;
  readonly #draw: Draw;
  readonly #plan: SctpPlan;
  readonly #start: (machine: SctpMachine) => void;
  /** What ends the faults that last, the oldest first. */
  readonly #ends = new Set<() => void>();
  #isOver = false;
  #count = 0;

  /** @param start of a new process on a machine */
  constructor(world: SctpWorld, draw: Draw, plan: SctpPlan, start: (machine: SctpMachine) => void) {
    this.#world = world;
    this.#draw = draw;
    this.#plan = plan;
    this.#start = start;
  }

  get count(): number {
    return this.#count;
  }

  start(): void {
    this.#world.clock.setTimer(this.#draw.exponential(this.#plan.faultIntervalMs), () => {
      if (this.#isOver) return;
      this.#strike();
      this.start();
    });
  }

  /** No more by itself; what lasts goes on. */
  pause(): void {
    this.#isOver = true;
  }

  /** One of several addresses of a machine, or a whole machine, is cut off until `heal`. @returns whether it was a whole machine */
  cutForLong(isWholeMachine: boolean): void {
    const machine = this.#draw.pick(this.#world.machines);
    if (machine === undefined) return;
    const addresses = isWholeMachine ? machine.addresses : this.#draw.some(machine.addresses, 1);
    this.#cut(`${addresses.join(', ')} for long`, this.#around(machine, addresses), Infinity);
  }

  /** Ends all faults; whoever is dead is started again. From now on nothing is lost. */
  heal(): void {
    this.#isOver = true;
    this.#world.tellFault('everything is healed');
    for (const end of [...this.#ends]) end();
    this.#world.network.quality = {
      ...this.#plan.quality,
      loss: 0,
      duplication: 0,
      reordering: 0,
      corruption: 0,
      bytesPerSecond: Infinity,
      queueBytes: Infinity,
    };
    for (const machine of this.#world.machines) if (machine.process === undefined) this.#start(machine);
  }

  #strike(): void {
    this.#count += 1;
    const kind = this.#draw.integer(1, 20);
    if (kind <= 3) this.#kill();
    else if (kind <= 6) this.#cutAddress();
    else if (kind <= 9) this.#cutPath();
    else if (kind <= 11) this.#cutMachines();
    else if (kind <= 13) this.#worsen();
    else if (kind <= 15) this.#changeUdpPort();
    else this.#configure();
  }

  #kill(): void {
    const { clock } = this.#world;
    const process = this.#draw.pick(this.#world.processes);
    if (process === undefined) return;
    this.#world.kill(process);
    const { machine } = process;
    clock.setTimer(this.#draw.oneOf(0, this.#draw.between(0, 50), this.#draw.exponential(1_500)), () => {
      if (!this.#isOver && machine.process === undefined) this.#start(machine);
    });
  }

  #cutAddress(): void {
    const machine = this.#draw.pick(this.#world.machines);
    const address = this.#draw.pick(machine?.addresses ?? []);
    if (machine !== undefined && address !== undefined)
      this.#cut(address, this.#around(machine, [address]), this.#drawCutMs());
  }

  #cutPath(): void {
    const [one, other] = this.#draw.some(this.#world.machines, 2);
    const from = this.#draw.pick(one?.addresses ?? []);
    const to = this.#draw.pick(other?.addresses ?? []);
    if (from === undefined || to === undefined) return;
    const isOneWay = this.#draw.chance(0.5);
    const directions: Direction[] = isOneWay
      ? [[from, to]]
      : [
          [from, to],
          [to, from],
        ];
    this.#cut(`${from} ${isOneWay ? '->' : '<->'} ${to}`, directions, this.#drawCutMs());
  }

  #cutMachines(): void {
    const [one, other] = this.#draw.some(this.#world.machines, 2);
    if (one === undefined || other === undefined) return;
    const isOneWay = this.#draw.chance(0.4);
    const there = one.addresses.flatMap((from) => other.addresses.map((to): Direction => [from, to]));
    const back = there.map(([from, to]): Direction => [to, from]);
    this.#cut(
      `${one.name} ${isOneWay ? '->' : '<->'} ${other.name}`,
      isOneWay ? there : [...there, ...back],
      this.#drawCutMs(),
    );
  }

  #worsen(): void {
    const draw = this.#draw;
    const worse: PacketQuality = draw.chance(0.5)
      ? { ...this.#plan.quality, loss: draw.between(0.05, 0.2) }
      : { ...this.#plan.quality, duplication: 0.2, reordering: 0.3, corruption: 0.1 };
    this.#world.tellFault('all paths are worse');
    this.#world.network.quality = worse;
    this.#lasting(draw.exponential(2_000), () => {
      this.#world.tellFault('all paths are as before');
      this.#world.network.quality = this.#plan.quality;
    });
  }

  #changeUdpPort(): void {
    const name = this.#plan.machines.find(({ isBehindTranslation }) => isBehindTranslation)?.name;
    const machine = this.#world.machines.find((other) => other.name === name);
    if (machine === undefined) return;
    const udpPort = this.#draw.integer(20_000, 60_000);
    this.#world.tellFault(`${machine.name} is behind UDP port ${udpPort}`);
    machine.changeUdpPort(udpPort);
  }

  /** Applications change what they may. */
  #configure(): void {
    const draw = this.#draw;
    const end = draw.pick(this.#world.processes.flatMap(({ liveEnds }) => liveEnds));
    if (end === undefined) return;
    const address = draw.pick(end.association.remoteAddresses);
    if (draw.chance(0.4)) end.configure({ parameters: drawParameters(draw, this.#plan.roundTripMs) });
    else if (address !== undefined)
      end.configure(draw.chance(0.5) ? { primary: address } : { heartbeatTo: address });
  }

  #drawCutMs(): number {
    return this.#draw.exponential(this.#draw.oneOf(100, 1_000, 5_000));
  }

  /** All directions to and from some addresses of a machine. */
  #around(machine: SctpMachine, addresses: readonly string[]): Direction[] {
    const others = this.#world.machines
      .filter((other) => other !== machine)
      .flatMap((other) => other.addresses);
    return addresses.flatMap((address) =>
      others.flatMap((other): Direction[] => [
        [address, other],
        [other, address],
      ]),
    );
  }

  #cut(what: string, directions: readonly Direction[], durationMs: number): void {
    const { network } = this.#world;
    const possible = directions.filter(([from, to]) => from.includes(':') === to.includes(':'));
    this.#world.tellFault(`${what} is cut`);
    for (const [from, to] of possible) network.path(from, to).setCut(true, from);
    this.#lasting(durationMs, () => {
      this.#world.tellFault(`${what} is joined`);
      for (const [from, to] of possible) network.path(from, to).setCut(false, from);
    });
  }

  #lasting(durationMs: number, end: () => void): void {
    const endOnce = (): void => {
      if (this.#ends.delete(endOnce)) end();
    };
    this.#ends.add(endOnce);
    if (durationMs < Infinity) this.#world.clock.setTimer(durationMs, endOnce);
  }
}
