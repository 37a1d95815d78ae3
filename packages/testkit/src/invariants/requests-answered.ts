import { Invariant } from './invariant.ts';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { SessionLedger } from './session-ledger.ts';
import { servingElements } from './views.ts';

/** After healing a session whose pool has a live element makes progress: no request waits longer than this. */
export const answerBoundMs = 30_000;

export class RequestsAnswered extends Invariant {
  readonly name = 'requests-answered';
  readonly #ledger: SessionLedger;

  constructor(world: PoolWorld, ledger: SessionLedger) {
    super(world);
    this.#ledger = ledger;
  }

  override unsettled(): string | undefined {
    const pools = new Set(servingElements(this.world).map(({ options }) => options.pool));
    const beforeMs = this.world.clock.nowMs - answerBoundMs;
    for (const { user, open, application, pool } of this.#ledger.entries.values()) {
      if (!user.alive || !pools.has(pool)) continue;
      const [first] = open;
      if (first !== undefined && first[1] < beforeMs) {
        return `request ${first[0]} of ${application.lineage} (${pool}) waits since ${first[1].toFixed(0)} ms`;
      }
    }
    return undefined;
  }
}
