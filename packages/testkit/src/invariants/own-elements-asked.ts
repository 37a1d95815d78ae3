import { defaultRegistrarLimits } from '@rserpool/core';
import type { Element } from '@rserpool/core';
import type { AsapMessage, MessageTransport } from '@rserpool/wire';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';
import { elementKey, workingRegistrars } from './views.ts';

/** Between two keep-alives 7.5 s at most, then 5 s for the answer, and a lost association is noticed after 10 s. */
const longestMs = 30_000;
/** How long one element that does not answer holds up the adoption of the next. */
const adoptionMs = 6_000;

/**
 * A registrar asks each of its own elements by keep-alives whether it lives (RFC 5352 section 3.5), those that it has taken over
 * too (RFC 5353 section 3.5.2): no element stays in the handlespace unasked.
 */
export class OwnElementsAsked extends Invariant {
  readonly name = 'own-elements-asked';
  /** By registrar and element: when it was last asked, or registered. */
  readonly #asked = new WeakMap<WorldProcess, Map<string, number>>();
  /** Since when a registrar owns an element, as far as that was seen. */
  readonly #ownedSince = new WeakMap<WorldProcess, Map<Element, number>>();

  override onAsapSent(by: WorldProcess, _to: MessageTransport, message: AsapMessage): void {
    if (message.type === 'endpoint-keep-alive' && message.elementId !== undefined) {
      this.#askedOf(by).set(elementKey(message.poolHandle, message.elementId), this.world.clock.nowMs);
    } else if (message.type === 'registration-response' && !message.rejected) {
      this.#askedOf(by).set(elementKey(message.poolHandle, message.elementId), this.world.clock.nowMs);
    }
  }

  override now(): void {
    for (const registrar of workingRegistrars(this.world)) {
      if (registrar.node.holding || registrar.engine.phase !== 'serving') this.#ownedSince.delete(registrar);
      else this.#check(registrar);
    }
  }

  #check(registrar: RegistrarProcess): void {
    const { nowMs } = this.world.clock;
    const { handlespace, id } = registrar.engine;
    const { adoptionsAtOnce = defaultRegistrarLimits.adoptionsAtOnce } = registrar.options.limits ?? {};
    const limitMs = longestMs + (adoptionMs * handlespace.elementCount) / adoptionsAtOnce;
    const before = this.#ownedSince.get(registrar);
    const owned = new Map<Element, number>();
    this.#ownedSince.set(registrar, owned);
    for (const element of handlespace.ownedBy(id)) {
      const sinceMs = before?.get(element) ?? nowMs;
      owned.set(element, sinceMs);
      const key = elementKey(element.pool.handle, element.elementId);
      const unaskedMs = nowMs - Math.max(sinceMs, this.#askedOf(registrar).get(key) ?? -Infinity);
      if (unaskedMs > limitMs) {
        this.violated(`${registrar.name} has not asked its element ${key} for ${unaskedMs.toFixed(0)} ms`);
      }
    }
  }

  #askedOf(by: WorldProcess): Map<string, number> {
    const asked = this.#asked.get(by) ?? new Map<string, number>();
    this.#asked.set(by, asked);
    return asked;
  }
}
