import { CauseCode } from '@rserpool/wire';
import type { PoolHandle } from '@rserpool/wire';
import { Alarm } from '../alarm.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import { firstOf } from '../sliced-work.ts';
import type { AsapLink } from './asap-link.ts';
import { negativeResponse, resolutionResponse } from './resolution.ts';

/** One request for dynamic updates. */
export interface Subscription {
  readonly link: AsapLink;
  readonly poolHandle: PoolHandle;
  /** How many elements each update shows. */
  items: number;
}

/** Updates of one call. */
const updatesPerSlice = 200;

/**
 * Dynamic updates of handle resolutions (S and A bits, RFC 5352 sections 2.2.5 and 2.2.6). Changes are collected for an
 * interval, so that a busy pool costs its subscribers at most one response in that time. A subscription ends with its association,
 * and with its pool: a last, negative response tells so.
 */
export class Subscriptions {
  readonly #core: RegistrarCore;
  readonly #byPool = new Map<PoolHandle, Set<Subscription>>();
  readonly #changed = new Set<PoolHandle>();
  readonly #due = new Set<Subscription>();
  readonly #alarm: Alarm;

  constructor(core: RegistrarCore) {
    this.#core = core;
    this.#alarm = new Alarm(core.host);
  }

  /** @returns false above the limit of the association */
  add(link: AsapLink, poolHandle: PoolHandle, items: number): boolean {
    const known = link.subscriptions.get(poolHandle);
    if (known !== undefined) {
      known.items = items;
      return true;
    }
    if (link.subscriptions.size >= this.#core.settings.limits.subscriptionsPerChannel) return false;
    const subscription = { link, poolHandle, items };
    link.subscriptions.set(poolHandle, subscription);
    const ofPool = this.#byPool.get(poolHandle) ?? new Set();
    this.#byPool.set(poolHandle, ofPool.add(subscription));
    return true;
  }

  poolChanged(poolHandle: PoolHandle): void {
    if (!this.#byPool.has(poolHandle)) return;
    this.#changed.add(poolHandle);
    if (!this.#alarm.isSet) this.#collectLater();
  }

  linkDown(link: AsapLink): void {
    for (const subscription of [...link.subscriptions.values()]) this.#remove(subscription);
  }

  close(): void {
    this.#alarm.cancel();
  }

  #collectLater(): void {
    this.#alarm.set(this.#core.settings.timers.subscriptionIntervalMs, () => this.#collect());
  }

  #collect(): void {
    for (const poolHandle of this.#changed) {
      for (const subscription of this.#byPool.get(poolHandle) ?? []) this.#due.add(subscription);
    }
    this.#changed.clear();
    this.#update();
  }

  #update(): void {
    for (const subscription of firstOf(this.#due, updatesPerSlice)) {
      this.#due.delete(subscription);
      this.#send(subscription);
    }
    if (this.#due.size > 0) this.#alarm.set(0, () => this.#update());
    else if (this.#changed.size > 0) this.#collectLater();
  }

  #send(subscription: Subscription): void {
    const { link, poolHandle, items } = subscription;
    const response = resolutionResponse(this.#core, poolHandle, items);
    this.#core.statistics.dynamicUpdates++;
    if (response !== undefined) {
      link.send({ ...response, subscribed: true });
    } else {
      this.#remove(subscription);
      link.send(negativeResponse(poolHandle, CauseCode.unknownPoolHandle));
    }
  }

  #remove(subscription: Subscription): void {
    const { link, poolHandle } = subscription;
    const ofPool = this.#byPool.get(poolHandle);
    link.subscriptions.delete(poolHandle);
    this.#due.delete(subscription);
    ofPool?.delete(subscription);
    if (ofPool?.size === 0) this.#byPool.delete(poolHandle);
  }
}
