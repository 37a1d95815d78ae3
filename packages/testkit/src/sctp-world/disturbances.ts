import type { Passage } from './packet-network.ts';
import type { SctpMachine } from './sctp-machine.ts';
import type { SctpProcess } from './sctp-process.ts';
import type { SctpWorld, SctpWorldObserver } from './sctp-world.ts';

/** Remembers when something went wrong between two machines for the last time: what may excuse the end of an association. */
export class Disturbances implements SctpWorldObserver {
  readonly #world: SctpWorld;
  readonly #losses = new Map<string, number>();
  readonly #kills = new Map<SctpMachine, number>();

  constructor(world: SctpWorld) {
    this.#world = world;
  }

  /** The last time at which a packet between them was lost or changed, or one of them died or was dead. */
  lastMs(one: SctpMachine, other: SctpMachine): number {
    return Math.max(
      this.#losses.get(pairKey(one, other)) ?? -Infinity,
      this.#lastDeadMs(one),
      this.#lastDeadMs(other),
    );
  }

  onPacketLost({ from, to }: Passage): void {
    const sender = this.#world.machineAt(from.address);
    const receiver = this.#world.machineAt(to.address);
    if (sender !== undefined && receiver !== undefined)
      this.#losses.set(pairKey(sender, receiver), this.#world.clock.nowMs);
  }

  onProcess({ machine }: SctpProcess, change: 'started' | 'killed'): void {
    if (change === 'killed' || this.#kills.has(machine)) this.#kills.set(machine, this.#world.clock.nowMs);
  }

  #lastDeadMs(machine: SctpMachine): number {
    return machine.process === undefined ? this.#world.clock.nowMs : (this.#kills.get(machine) ?? -Infinity);
  }
}

function pairKey(one: SctpMachine, other: SctpMachine): string {
  return one.name < other.name ? `${one.name} ${other.name}` : `${other.name} ${one.name}`;
}
