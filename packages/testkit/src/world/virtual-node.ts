import type { EventOwner } from './event-queue.ts';
import { VirtualHost } from './virtual-host.ts';
import type { VirtualNetwork } from './virtual-network.ts';

/** What a dying process drags along. */
export interface NodeUser {
  onNodeDied(): void;
}

/** A process with an address of its own. Killed it stays dead; a new node may then live at the address. */
export class VirtualNode implements EventOwner {
  readonly network: VirtualNetwork;
  readonly address: string;
  readonly users = new Set<NodeUser>();
  #alive = true;
  #vanished = false;
  #nextEphemeralPort = 49152;

  /** Made by {@link VirtualNetwork.node}. */
  constructor(network: VirtualNetwork, address: string) {
    this.network = network;
    this.address = address;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Killed together with its machine: nobody is left to reset its connections. */
  get vanished(): boolean {
    return this.#vanished;
  }

  /** A host for an engine in this process. */
  host(name = this.address): VirtualHost {
    return new VirtualHost(this.network.clock, name, this, this.network.logEntries);
  }

  ephemeralPort(): number {
    return this.#nextEphemeralPort++;
  }

  /** Use {@link VirtualNetwork.kill}. */
  die(vanished: boolean): void {
    this.#alive = false;
    this.#vanished = vanished;
    for (const user of [...this.users]) user.onNodeDied();
  }
}
