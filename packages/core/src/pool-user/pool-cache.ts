import type { HandleResolutionResponse, Policy, PoolElementParameter, PoolHandle } from '@rserpool/wire';
import { Handlespace } from '../handlespace/handlespace.ts';
import type { Host } from '../port/host.ts';
import type { PoolUserSettings } from './pool-user-options.ts';

interface CachedPool {
  readonly resolvedAtMs: number;
  /** The registrar sends every change (A bit, RFC 5352 section 2.2.6). */
  subscribed: boolean;
}

/** Limits that only a registrar needs; what a registrar passes on it has checked. */
const maxPoolHandleBytes = 65_535;
const maxAddressesPerElement = 65_535;

/**
 * What registrars answered (RFC 5352 section 3.3, C1 to C4): a handlespace of its own, so that elements are selected by the same
 * policies as registrars do. A pool is rebuilt by every answer in the order of that answer: RFC 5356 wants round robin to
 * start with its first element (sections 4.1.3 and 4.2.3), and the others to go by the values in it (sections 4.3.3, 4.4.3, 4.5.3,
 * 5.1.3, 5.2.3, 5.3.3 and 5.4.3).
 */
export class PoolCache {
  readonly #host: Host;
  readonly #settings: PoolUserSettings;
  readonly #handlespace: Handlespace;
  /** The one that was resolved longest ago first. */
  readonly #pools = new Map<PoolHandle, CachedPool>();

  constructor(host: Host, settings: PoolUserSettings) {
    this.#host = host;
    this.#settings = settings;
    const { maxCachedPools: maxPools, maxElementsPerPool, policies } = settings;
    this.#handlespace = new Handlespace({
      host,
      policies,
      limits: { maxPools, maxElementsPerPool, maxPoolHandleBytes, maxAddressesPerElement },
      increments: 1, // of the elements that a selection returns, the user takes one
      onExpired: () => undefined, // removed, that is all
    });
  }

  get poolCount(): number {
    return this.#pools.size;
  }

  /** Something was resolved, stale or not. */
  has(poolHandle: PoolHandle): boolean {
    return this.#pools.has(poolHandle);
  }

  isSubscribed(poolHandle: PoolHandle): boolean {
    return this.#pools.get(poolHandle)?.subscribed === true;
  }

  /** @param connected whether the registrar is still there that sends the changes of subscribed pools */
  isFresh(poolHandle: PoolHandle, connected: boolean): boolean {
    const pool = this.#pools.get(poolHandle);
    if (pool === undefined) return false;
    return (
      (pool.subscribed && connected) || this.#host.nowMs() - pool.resolvedAtMs < this.#settings.staleCacheMs
    );
  }

  /** Takes the positive answer to a request. */
  resolved(response: HandleResolutionResponse): void {
    const { poolHandle } = response;
    this.forget(poolHandle);
    for (const [oldest] of this.#pools) {
      if (this.#pools.size < this.#settings.maxCachedPools) break;
      this.forget(oldest);
    }
    this.#register(response);
    this.#pools.set(poolHandle, { resolvedAtMs: this.#host.nowMs(), subscribed: response.subscribed });
  }

  /** Takes a change of a subscribed pool: elements that stay keep their turn. */
  changed(response: HandleResolutionResponse): void {
    const { poolHandle } = response;
    const pool = this.#handlespace.pool(poolHandle);
    const policy = this.#settings.policies.find(this.#overallPolicy(response));
    if (pool?.policyName !== policy?.name) {
      this.resolved(response);
      return;
    }
    const staying = new Set(response.elements.map(({ elementId }) => elementId));
    for (const { elementId } of [...(pool?.elements() ?? [])]) {
      if (!staying.has(elementId)) this.remove(poolHandle, elementId);
    }
    this.#register(response);
    this.#pools.set(poolHandle, { resolvedAtMs: this.#host.nowMs(), subscribed: response.subscribed });
  }

  /** All elements of a pool, in the order of its policy; of a stale one too. */
  select(poolHandle: PoolHandle): readonly PoolElementParameter[] {
    return this.#handlespace
      .select(poolHandle, this.#handlespace.pool(poolHandle)?.size ?? 0)
      .map((element) => this.#handlespace.toParameter(element));
  }

  /** One element by the pool's policy; of a stale one too. */
  pick(poolHandle: PoolHandle, exclude: ReadonlySet<number>): PoolElementParameter | undefined {
    const element = this.#handlespace
      .select(poolHandle, exclude.size + 1)
      .find(({ elementId }) => !exclude.has(elementId));
    return element && this.#handlespace.toParameter(element);
  }

  remove(poolHandle: PoolHandle, elementId: number): void {
    const element = this.#handlespace.find(poolHandle, elementId);
    if (element !== undefined) this.#handlespace.remove(element);
  }

  /** Another registrar knows of no subscription. @returns the pools that were subscribed to */
  endSubscriptions(): readonly PoolHandle[] {
    const subscribed = [...this.#pools].filter(([, pool]) => pool.subscribed);
    for (const [, pool] of subscribed) pool.subscribed = false;
    return subscribed.map(([poolHandle]) => poolHandle);
  }

  /** There is no such pool any more. */
  forget(poolHandle: PoolHandle): void {
    this.#pools.delete(poolHandle);
    for (const element of [...(this.#handlespace.pool(poolHandle)?.elements() ?? [])]) {
      this.#handlespace.remove(element);
    }
  }

  close(): void {
    this.#handlespace.close();
  }

  /**
   * RFC 5352 section 2.2.6: Round Robin where none is given; the elements' own policies do not decide. Also where it is unknown
   * here: that takes them in the order in which the registrar listed them.
   */
  #overallPolicy({ policy }: HandleResolutionResponse): Policy {
    return policy !== undefined && this.#settings.policies.find(policy) !== undefined
      ? policy
      : { name: 'round-robin' };
  }

  #register(response: HandleResolutionResponse): void {
    const overall = this.#overallPolicy(response);
    for (const element of response.elements) {
      const policy = isSameType(element.policy, overall) ? element.policy : overall;
      const result = this.#handlespace.register(response.poolHandle, { ...element, policy });
      if (!result.ok) this.#host.log('debug', 'resolved element not cached', { reason: result.text });
    }
  }
}

function isSameType(left: Policy, right: Policy): boolean {
  return left.name === 'other'
    ? right.name === 'other' && left.type === right.type
    : left.name === right.name;
}
