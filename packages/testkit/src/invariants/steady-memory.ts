import type { PoolProcess, PoolWorld } from '../pool-world/pool-world.ts';
import { Invariant } from './invariant.ts';

/** Samples at the beginning and at the end of the steady time that are compared. */
const compared = 10;
/** Messages on their way, and users who come and go, make sizes vary. */
const slack = 8;

/**
 * While nothing is wrong nothing grows by itself: the least of the last sizes is not above the greatest of the first, or grew as
 * users and their sessions did. Sizes are those of handlespaces, peer lists, connections and scheduled events, of pools that users
 * have in their caches beyond one for each session, and of sessions that elements keep beyond those that users have with an element; each
 * in the whole world (users move).
 */
export class SteadyMemory extends Invariant {
  readonly name = 'steady-memory';
  #samples: Map<string, number>[] = [];

  /** The steady time begins, perhaps anew. */
  begin(): void {
    this.#samples = [];
  }

  sample(): void {
    const sizes = new Map([['scheduled events', this.world.clock.pendingTimers]]);
    const { users, sessions, connected } = demandOf(this.world);
    sizes.set(demand, users + sessions + connected);
    for (const process of this.world.processes()) {
      for (const [what, size] of sizesOf(process)) sizes.set(what, (sizes.get(what) ?? 0) + size);
    }
    // Many may have waited for the last element to come: that all find it now, one after the other, is no growth.
    sizes.set(abandoned, Math.max(0, (sizes.get(abandoned) ?? 0) - connected));
    this.#samples.push(sizes);
  }

  end(): void {
    const first = this.#samples.slice(0, compared);
    const last = this.#samples.slice(-compared);
    const demandBefore = Math.min(...first.map((sizes) => sizes.get(demand) ?? 0));
    const demandAfter = Math.max(...last.map((sizes) => sizes.get(demand) ?? 0));
    const growth = 1.25 * Math.max(1, demandAfter / Math.max(1, demandBefore));
    for (const what of last[0]?.keys() ?? []) {
      if (what === demand) continue;
      const most = Math.max(...first.map((sizes) => sizes.get(what) ?? 0));
      const least = Math.min(...last.map((sizes) => sizes.get(what) ?? 0));
      if (least > growth * most + slack) this.violated(`${what} grew from ${most} to ${least}`);
    }
  }
}

const demand = 'users and sessions';
const abandoned = 'sessions that no user has';

/** @returns users, their sessions that are open, and those of them that have an element */
function demandOf(world: PoolWorld): { users: number; sessions: number; connected: number } {
  const count = { users: 0, sessions: 0, connected: 0 };
  for (const { sessions } of world.users()) {
    count.users++;
    for (const { closed, connected } of sessions) {
      if (!closed) count.sessions++;
      if (connected) count.connected++;
    }
  }
  return count;
}

function sizesOf(process: PoolProcess): [string, number][] {
  const connections: [string, number] = ['connections', process.node.users.size];
  switch (process.kind) {
    case 'registrar': {
      const { handlespace } = process.engine;
      return [
        connections,
        ['elements', handlespace.elementCount],
        ['pools', handlespace.poolCount],
        ['peers', process.engine.peers().length],
      ];
    }
    case 'element':
      return [connections, [abandoned, process.service.sessionCount]];
    case 'user': {
      const { cachedPools, outstandingRequests } = process.engine.state;
      // Many may find a registrar only now: that each resolves the pools of its sessions is no growth.
      const unused = Math.max(0, cachedPools - process.sessions.filter(({ closed }) => !closed).length);
      return [connections, ['cached pools that no session needs', unused], ['requests', outstandingRequests]];
    }
    case 'scripted':
      return [connections];
  }
}
