import type { EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';
import { elementKey } from './views.ts';
import type { WorldRules } from './world-rules.ts';

/**
 * A resynchronisation removes just the elements that the peer's handle table did not list, and that it did not come to own
 * meanwhile (RFC 5353 section 3.6.3).
 */
export class ListedElementsKept extends Invariant {
  readonly name = 'listed-elements-kept';
  readonly #rules: WorldRules;
  /** By registrar and peer: what the peer's last table has listed as its own, and what it came to own since. */
  readonly #listed = new Map<WorldProcess, Map<number, Set<string>>>();
  /** Whether the last request was one for a peer's own elements, not for a mentor's whole table. */
  readonly #asksForOwn = new WeakMap<WorldProcess, boolean>();
  /** The page that is being worked on: a request in the same event goes on with its table, any other begins a new one. */
  #pageFrom: number | undefined;

  constructor(world: PoolWorld, rules: WorldRules) {
    super(world);
    this.#rules = rules;
  }

  override onEnrpSent(by: WorldProcess, _to: MessageTransport, message: EnrpMessage): void {
    if (message.type !== 'handle-table-request') return;
    const wasOwn = this.#asksForOwn.get(by) === true;
    this.#asksForOwn.set(by, message.ownChildrenOnly);
    if (message.receiverId === this.#pageFrom && wasOwn === message.ownChildrenOnly) return;
    this.#listed.get(by)?.delete(message.receiverId);
  }

  override onEnrpReceived(by: WorldProcess, _from: MessageTransport, message: EnrpMessage): void {
    const { senderId } = message;
    if (message.type === 'handle-update' && message.action === 'add') {
      this.#listedOf(by, senderId).add(elementKey(message.poolHandle, message.element.elementId));
    }
    if (message.type !== 'handle-table-response') return;
    this.#pageFrom = message.more ? senderId : undefined;
    const listed = this.#listedOf(by, senderId);
    for (const { poolHandle, elements } of message.pools) {
      for (const { elementId, homeRegistrarId } of elements) {
        if (homeRegistrarId === senderId) listed.add(elementKey(poolHandle, elementId));
      }
    }
  }

  override afterRegistrarEvent(): void {
    this.#pageFrom = undefined;
  }

  override onEvent(by: WorldProcess, event: ProcessEvent): void {
    if (event.type === 'home-changed') {
      this.#listedOf(by, event.toId).add(elementKey(event.poolHandle, event.elementId));
    }
    if (event.type === 'resynchronised' && !this.#rules.mangled) this.#resynchronised(by, event.registrarId);
    if (event.type !== 'removed' || event.reason !== 'unlisted' || this.#rules.mangled) return;
    const registrar = this.world.process(by.name);
    if (registrar?.kind !== 'registrar' || registrar.engine.statistics.elementsRefused > 0) return;
    const key = elementKey(event.poolHandle, event.elementId);
    if (this.#listed.get(by)?.get(event.homeRegistrarId)?.has(key) === true) {
      this.violated(`${by.name} removed ${key}, which ${event.homeRegistrarId} has just listed`);
    }
  }

  #resynchronised(by: WorldProcess, peerId: number): void {
    const registrar = this.world.process(by.name);
    if (registrar?.kind !== 'registrar') return;
    const listed = this.#listedOf(by, peerId);
    for (const { elementId, pool } of registrar.engine.handlespace.ownedBy(peerId)) {
      const key = elementKey(pool.handle, elementId);
      if (!listed.has(key)) this.violated(`${by.name} keeps ${key}, which ${peerId} does not list`);
    }
  }

  #listedOf(by: WorldProcess, peerId: number): Set<string> {
    const ofPeers = this.#listed.get(by) ?? new Map<number, Set<string>>();
    const listed = ofPeers.get(peerId) ?? new Set();
    this.#listed.set(by, ofPeers.set(peerId, listed));
    return listed;
  }
}
