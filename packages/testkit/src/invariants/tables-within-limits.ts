import { defaultRegistrarLimits } from '@rserpool/core';
import type { RegistrarLimits } from '@rserpool/core';
import type { PoolProcess } from '../pool-world/pool-world.ts';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import type { UserProcess } from '../pool-world/user-process.ts';
import type { ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';

/** No table of a registrar or a user passes its limit. */
export class TablesWithinLimits extends Invariant {
  readonly name = 'tables-within-limits';
  readonly #limits = new WeakMap<RegistrarProcess, RegistrarLimits>();

  override afterRegistrarEvent(registrar: RegistrarProcess): void {
    const limits = this.#limitsOf(registrar);
    const { handlespace } = registrar.engine;
    this.#within(registrar, 'pools', handlespace.poolCount, limits.maxPools);
    for (const pool of handlespace.pools()) {
      this.#within(registrar, 'elements of a pool', pool.size, limits.maxElementsPerPool);
    }
  }

  override afterUserEvent(user: UserProcess): void {
    const { cachedPools, outstandingRequests } = user.engine.state;
    const { maxCachedPools = 1_024, maxOutstandingRequests = 1_024 } = user.options;
    this.#within(user, 'cached pools', cachedPools, maxCachedPools);
    this.#within(user, 'outstanding requests', outstandingRequests, maxOutstandingRequests);
  }

  /** What has an event of its own is looked at only then. */
  override onEvent(by: WorldProcess, event: ProcessEvent): void {
    if (event.type !== 'peer-up') return;
    const process = this.world.process(by.name);
    if (process?.kind !== 'registrar') return;
    this.#within(process, 'peers', process.engine.peers().length, this.#limitsOf(process).peers);
  }

  #within(process: PoolProcess, what: string, size: number, limit: number): void {
    if (size > limit) this.violated(`${process.name} has ${size} ${what}, allowed are ${limit}`);
  }

  #limitsOf(process: RegistrarProcess): RegistrarLimits {
    let limits = this.#limits.get(process);
    if (limits === undefined) {
      limits = { ...defaultRegistrarLimits, ...process.options.limits };
      this.#limits.set(process, limits);
    }
    return limits;
  }
}
