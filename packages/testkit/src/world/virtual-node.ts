import type { EventOwner } from './event-queue.ts';
import { ScheduledEvent } from './event-queue.ts';
import { theWorld } from './virtual-clock.ts';
import { VirtualHost } from './virtual-host.ts';
import type { ClockSkew } from './virtual-host.ts';
import type { VirtualNetwork } from './virtual-network.ts';

/** What a dying process drags along. */
export interface NodeUser {
  onNodeDied(): void;
}

/** A process with addresses of its own. Killed it stays dead; a new node may then live at the addresses. */
export class VirtualNode implements EventOwner {
  readonly network: VirtualNetwork;
  /** The first of its addresses. */
  readonly address: string;
  readonly addresses: readonly string[];
  readonly users = new Set<NodeUser>();
  /** Read only. */
  alive = true;
  /** Read only. Suspended, or not yet through with what waited meanwhile. */
  holding = false;
  #vanished = false;
  #suspended = false;
  #held: ScheduledEvent[] = [];
  #nextEphemeralPort = 49152;

  /** Made by {@link VirtualNetwork.node}. */
  constructor(network: VirtualNetwork, addresses: readonly [string, ...string[]]) {
    this.network = network;
    this.address = addresses[0];
    this.addresses = addresses;
  }

  /** Killed together with its machine: nobody is left to reset its connections. */
  get vanished(): boolean {
    return this.#vanished;
  }

  get suspended(): boolean {
    return this.#suspended;
  }

  get held(): readonly ScheduledEvent[] {
    return this.#held;
  }

  /** A host for an engine in this process. */
  host(name = this.address, skew?: ClockSkew): VirtualHost {
    return new VirtualHost(this.network.clock, name, this, this.network.logEntries, skew);
  }

  ephemeralPort(): number {
    return this.#nextEphemeralPort++;
  }

  /** Use {@link VirtualNetwork.kill}. */
  die(vanished: boolean): void {
    this.alive = false;
    this.#vanished = vanished;
    this.#held = [];
    for (const user of [...this.users]) user.onNodeDied();
  }

  /** Use {@link VirtualNetwork.suspend}. */
  suspend(): void {
    if (!this.alive) return;
    this.#suspended = true;
    this.holding = true;
  }

  /** Use {@link VirtualNetwork.resume}. */
  resume(): void {
    if (!this.#suspended || !this.alive) return;
    this.#suspended = false;
    this.#thawNext();
  }

  hold(event: ScheduledEvent): void {
    this.#held.push(event);
  }

  drop(event: ScheduledEvent): void {
    this.#held = this.#held.filter((other) => other !== event);
  }

  /** The oldest of what waits happens; what comes due before the last has happened waits behind it. */
  thaw(): void {
    if (this.#suspended || !this.alive) return;
    const event = this.#held.shift();
    if (event !== undefined) this.network.clock.runHeld(event);
    this.#thawNext();
  }

  #thawNext(): void {
    this.holding = this.#suspended || this.#held.length > 0;
    if (this.#held.length > 0) this.network.clock.schedule(new Thaw(this), 0);
  }
}

/** One held event of a process that was resumed happens. */
class Thaw extends ScheduledEvent {
  readonly #node: VirtualNode;

  constructor(node: VirtualNode) {
    super(theWorld);
    this.#node = node;
  }

  override get kind(): string {
    return 'thaw';
  }

  override run(): void {
    this.#node.thaw();
  }
}
