import type { AsapMessage, EnrpMessage, MessageTransport } from '@rserpool/wire';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import type { ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';
import { elementKey, servingElements } from './views.ts';

/** An association is not lost in less, whatever happens to its path. */
const reachesForMs = 2_000;

/** An answer that is later than this does not come any more: its association is lost. */
const answeredWithinMs = 60_000;

/** A page that comes later than MAX-TIME-NO-RESPONSE (2.5 s, by a clock that is fast) is not waited for any more. */
const awaitedForMs = 2_400;

interface PageRequest {
  readonly atMs: number;
  /** The peer was down meanwhile. */
  isGivenUp: boolean;
}

/**
 * When a peer's handle table claims an element that this registrar owns and reaches, the one of the two with the higher identifier
 * tells everybody that it keeps it: else both would own it until the element registers again.
 */
export class ClaimsSettled extends Invariant {
  readonly name = 'claims-settled';
  /** By registrar and element: when the element last registered or acknowledged there. */
  readonly #heard = new WeakMap<WorldProcess, Map<string, number>>();
  /** By registrar and the peer's identifier: requests for pages that it has not got, the oldest first. */
  readonly #requested = new WeakMap<WorldProcess, Map<number, PageRequest[]>>();
  /** By element: when it last found a home. What it answered before came on another association. */
  readonly #homeSinceMs = new Map<string, number>();
  /** What the table that is being worked on claims, and this registrar must keep. */
  readonly #disputed = new Set<string>();

  override onAsapReceived(by: WorldProcess, _from: MessageTransport, message: AsapMessage): void {
    if (message.type !== 'endpoint-keep-alive-ack') return;
    const heard = this.#heard.get(by) ?? new Map<string, number>();
    this.#heard.set(by, heard.set(elementKey(message.poolHandle, message.elementId), this.world.clock.nowMs));
  }

  override onEnrpReceived(by: WorldProcess, _from: MessageTransport, message: EnrpMessage): void {
    const registrar = this.world.process(by.name);
    if (message.type !== 'handle-table-response' || registrar?.kind !== 'registrar') return;
    const { engine } = registrar;
    const { senderId } = message;
    const isAwaited = this.#isAwaited(by, senderId);
    if (!isAwaited || engine.phase !== 'serving' || engine.id < senderId) return;
    for (const { poolHandle, elements } of message.pools) {
      for (const { elementId, homeRegistrarId } of elements) {
        const isOwn = engine.handlespace.find(poolHandle, elementId)?.homeRegistrarId === engine.id;
        const key = elementKey(poolHandle, elementId);
        if (isOwn && homeRegistrarId === senderId && this.#reaches(registrar, key)) this.#disputed.add(key);
      }
    }
  }

  override onEnrpSent(by: WorldProcess, _to: MessageTransport, message: EnrpMessage): void {
    if (message.type === 'handle-table-request') this.#pageRequested(by, message.receiverId);
    if (message.type !== 'handle-update' || message.action !== 'add') return;
    this.#disputed.delete(elementKey(message.poolHandle, message.element.elementId));
  }

  override onEvent(by: WorldProcess, event: ProcessEvent): void {
    if (event.type === 'peer-down')
      for (const request of this.#unanswered(by, event.registrarId)) request.isGivenUp = true;
    if (event.type !== 'home-found') return;
    const element = this.world.process(by.name);
    if (element?.kind !== 'element') return;
    const { elementId } = element.engine.state;
    this.#homeSinceMs.set(elementKey(element.options.pool, elementId), this.world.clock.nowMs);
  }

  #pageRequested(by: WorldProcess, peerId: number): void {
    const requested = this.#requested.get(by) ?? new Map<number, PageRequest[]>();
    const request = { atMs: this.world.clock.nowMs, isGivenUp: false };
    this.#requested.set(by, requested.set(peerId, [...this.#unanswered(by, peerId), request]));
  }

  /** Requests to the peer that may still be answered. */
  #unanswered(by: WorldProcess, peerId: number): PageRequest[] {
    const earliestMs = this.world.clock.nowMs - answeredWithinMs;
    return (this.#requested.get(by)?.get(peerId) ?? []).filter(({ atMs }) => atMs >= earliestMs);
  }

  /** With several requests, earlier ones were given up, and this may be the answer to one of those: the others stay in doubt. */
  #isAwaited(by: WorldProcess, peerId: number): boolean {
    const requests = this.#unanswered(by, peerId);
    const latest = requests.pop();
    this.#requested.get(by)?.set(peerId, requests);
    if (latest === undefined || latest.isGivenUp || requests.length > 0) return false;
    return this.world.clock.nowMs - latest.atMs <= awaitedForMs;
  }

  override afterRegistrarEvent(registrar: RegistrarProcess): void {
    if (this.#disputed.size === 0) return;
    const [key = ''] = this.#disputed;
    this.#disputed.clear();
    const hasPeers = registrar.engine.peers().some(({ roundTripTimeMs }) => roundTripTimeMs !== undefined);
    if (hasPeers)
      this.violated(`${registrar.name} reaches ${key}, and tells nobody when a lower peer claims it`);
  }

  /** The element has just answered here, lives, and has its home here. */
  #reaches(registrar: RegistrarProcess, key: string): boolean {
    const heardMs = this.#heard.get(registrar)?.get(key) ?? -Infinity;
    if (this.world.clock.nowMs - heardMs > reachesForMs) return false;
    if (heardMs < (this.#homeSinceMs.get(key) ?? -Infinity)) return false;
    return servingElements(this.world).some(({ elementId, engine, options }) => {
      const home = engine.state.home?.addresses ?? [];
      return (
        elementKey(options.pool, elementId) === key &&
        home.some((address) => registrar.node.addresses.includes(address))
      );
    });
  }
}
