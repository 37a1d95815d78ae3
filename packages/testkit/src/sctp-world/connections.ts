import { SctpError } from '@rserpool/sctp';
import type { Draw } from '../mixed-world/draw.ts';
import type { AssociationEnd } from './association-end.ts';
import { drawParameters } from './sctp-plan.ts';
import type { ConnectionPlan, SctpPlan } from './sctp-plan.ts';
import type { SctpMachine } from './sctp-machine.ts';
import type { SctpWorld } from './sctp-world.ts';
import type { Traffic } from './traffic.ts';

/** Opens the associations of a plan, and again when they are down. */
export class Connections {
  readonly #world: SctpWorld;
  readonly #draw: Draw;
  readonly #plan: SctpPlan;
  readonly #traffic: Traffic;
  #isOver = false;

  constructor(world: SctpWorld, draw: Draw, plan: SctpPlan, traffic: Traffic) {
    this.#world = world;
    this.#draw = draw;
    this.#plan = plan;
    this.#traffic = traffic;
  }

  start(): void {
    for (const connection of this.#plan.connections) this.#startOne(connection);
  }

  /** A process begins, and wants its associations: its peers may not have missed the one before yet. */
  started(machine: SctpMachine): void {
    for (const { opener, acceptor } of this.#plan.connections) {
      if (opener !== machine.name) continue;
      this.#world.clock.setTimer(this.#draw.between(0, 100), () => {
        if (!this.#isOver && liveEnd(machine, this.#machine(acceptor)) === undefined)
          this.#open(machine, this.#machine(acceptor));
      });
    }
  }

  /** None is opened by itself any more. */
  end(): void {
    this.#isOver = true;
  }

  /** Where there is none, one is opened. @returns the opening ends */
  openMissing(): AssociationEnd[] {
    return this.#plan.connections.flatMap(({ opener, acceptor }) => {
      const machines = [this.#machine(opener), this.#machine(acceptor)] as const;
      return machines.some((machine, index) => liveEnd(machine, machines[1 - index] ?? machine) !== undefined)
        ? []
        : (this.#open(...machines) ?? []);
    });
  }

  #startOne(connection: ConnectionPlan): void {
    const { clock } = this.#world;
    const opener = this.#machine(connection.opener);
    const acceptor = this.#machine(connection.acceptor);
    const tryAgain = (): void => {
      if (this.#isOver) return;
      if (liveEnd(opener, acceptor) === undefined) this.#open(opener, acceptor);
      clock.setTimer(200 + this.#draw.exponential(1_500), tryAgain);
    };
    clock.setTimer(connection.atMs, tryAgain);
    if (!connection.isSimultaneous) return;
    const offsetMs = this.#draw.between(0, 1.5 * this.#plan.roundTripMs);
    clock.setTimer(connection.atMs + offsetMs, () => this.#open(acceptor, opener));
  }

  #open(opener: SctpMachine, acceptor: SctpMachine): AssociationEnd | undefined {
    const { process } = opener;
    const [first, ...more] = this.#addressesFor(opener, acceptor);
    if (process === undefined || first === undefined) return undefined;
    const parameters = this.#draw.chance(0.3) ? drawParameters(this.#draw, this.#plan.roundTripMs) : {};
    try {
      const end = process.connect(acceptor, [first, ...more], parameters);
      this.#traffic.equip(end);
      return end;
    } catch (thrown) {
      if (thrown instanceof SctpError && thrown.code === 'already-connected') return undefined;
      throw thrown;
    }
  }

  /** Some of the acceptor's that can be reached, in any order. */
  #addressesFor(opener: SctpMachine, acceptor: SctpMachine): string[] {
    const families = new Set(opener.addresses.map((address) => address.includes(':')));
    const reachable = acceptor.addresses.filter((address) => families.has(address.includes(':')));
    return this.#draw.some(reachable, this.#draw.integer(1, reachable.length));
  }

  #machine(name: string): SctpMachine {
    const machine = this.#world.machines.find((other) => other.name === name);
    if (machine === undefined) throw new Error(`the plan names a machine ${name} that does not exist`);
    return machine;
  }
}

/** An end on a machine whose peer is the other machine. */
function liveEnd({ process }: SctpMachine, peer: SctpMachine): AssociationEnd | undefined {
  return process?.liveEnds.find(({ association }) =>
    peer.addresses.includes(association.remoteAddresses[0] ?? ''),
  );
}
