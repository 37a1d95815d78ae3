import { CauseCode } from '@rserpool/wire';
import type { PoolElementParameter, PoolHandle } from '@rserpool/wire';
import type { Element } from '../handlespace/element.ts';
import type { Rejection } from '../handlespace/admission.ts';
import type { Acceptance } from '../handlespace/handlespace.ts';
import { elementBytes } from './message-size.ts';
import type { RegistrarCore } from './registrar-core.ts';
import type { RemovalReason } from './registrar-event.ts';
import { workInSlices } from './sliced-work.ts';

/** Who has to hear of changes. */
export interface ChangeListeners {
  /** Tells the peers that this registrar owns the element, and all its attributes (RFC 5353 section 3.3.1). */
  announceAdd(element: Element): void;
  /** Tells the peers that an element of this registrar is gone (RFC 5353 section 3.3.2). */
  announceDelete(element: Element): void;
  /** Members or attributes of a pool have changed. */
  poolChanged(poolHandle: PoolHandle): void;
  /** An element has left the handlespace. */
  left(element: Element, reason: RemovalReason): void;
}

/** The one way to change the handlespace, so that peers, subscribers, monitor and observer hear of every change. */
export class ElementChanges {
  readonly #core: RegistrarCore;
  readonly #listeners: ChangeListeners;

  constructor(core: RegistrarCore, listeners: ChangeListeners) {
    this.#core = core;
    this.#listeners = listeners;
  }

  /** Adds an element or replaces its attributes, its home registrar among them. Peers are not told. Refused: nothing changes. */
  store(poolHandle: PoolHandle, parameter: PoolElementParameter, distanceMs: number): Acceptance | Rejection {
    const { handlespace, settings } = this.#core;
    const { maxElementBytes } = settings.limits;
    if (elementBytes(parameter) > maxElementBytes) {
      const text = `element ${parameter.elementId}: expected at most ${maxElementBytes} bytes, got ${elementBytes(parameter)}`;
      return { ok: false, cause: { code: CauseCode.lackOfResources, data: new Uint8Array() }, text };
    }
    const fromId = handlespace.find(poolHandle, parameter.elementId)?.homeRegistrarId;
    const result = handlespace.register(poolHandle, parameter, { distanceMs });
    if (!result.ok) return result;
    result.element.unreachableReports = 0;
    this.#listeners.poolChanged(poolHandle);
    if (fromId !== undefined) this.#noteHome(result.element, fromId);
    return result;
  }

  /** Gives an element to another registrar, or to this one. Peers are not told. */
  setHome(element: Element, registrarId: number): void {
    const fromId = element.homeRegistrarId;
    this.#core.handlespace.setOwner(element, registrarId);
    this.#noteHome(element, fromId);
  }

  /** Makes this registrar the element's home, and tells the peers. */
  claim(element: Element): void {
    this.setHome(element, this.#core.id);
    this.#listeners.announceAdd(element);
  }

  /** Tells the peers about an own element. */
  announce(element: Element): void {
    this.#listeners.announceAdd(element);
  }

  /** Removes an element; the peers are told when it is an own one. */
  remove(element: Element, reason: RemovalReason): void {
    this.#core.handlespace.remove(element);
    this.left(element, reason);
  }

  /**
   * Removes the elements of a peer that are still marked (RFC 5353 section 3.6.3), a slice at a time.
   * @param onDone told how many, when all are gone; perhaps inside this call, and not at all when the registrar stops
   */
  sweep(registrarId: number, onDone: (removed: number) => void): void {
    const { handlespace, host, settings } = this.#core;
    const sweep = handlespace.sweep(registrarId);
    let count = 0;
    workInSlices(host, () => {
      if (this.#core.phase === 'stopped') return false;
      const { removed, more } = sweep.next(settings.limits.elementsPerSlice);
      for (const element of removed) this.left(element, 'unlisted');
      count += removed.length;
      if (!more) onDone(count);
      return more;
    });
  }

  /** An element has just left the handlespace. */
  left(element: Element, reason: RemovalReason): void {
    const { id, settings, statistics } = this.#core;
    const { pool, elementId, homeRegistrarId } = element;
    statistics.elementsRemoved++;
    if (homeRegistrarId === id) this.#listeners.announceDelete(element);
    this.#listeners.poolChanged(pool.handle);
    this.#listeners.left(element, reason);
    settings.onEvent({ type: 'removed', poolHandle: pool.handle, elementId, homeRegistrarId, reason });
  }

  #noteHome(element: Element, fromId: number): void {
    const toId = element.homeRegistrarId;
    if (fromId === toId) return;
    const { pool, elementId } = element;
    this.#core.settings.onEvent({ type: 'home-changed', poolHandle: pool.handle, elementId, fromId, toId });
  }
}
