import type { ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { SessionLedger } from './session-ledger.ts';

/**
 * Answers come to the user in the order of its requests (those made on one connection: after a failover, what waited in the
 * session goes before what the application repeats), none before some element has executed it, and a session that ends has
 * reported every request that was not answered. To be told of events before the ledger is.
 */
export class RequestsInOrder extends Invariant {
  readonly name = 'requests-in-order';
  readonly #ledger: SessionLedger;

  constructor(world: PoolWorld, ledger: SessionLedger) {
    super(world);
    this.#ledger = ledger;
  }

  override onEvent(by: WorldProcess, event: ProcessEvent): void {
    if (event.type === 'answer') this.#answered(by, event.session, event.request);
    if (event.type === 'session-closed') this.#closed(by, event.session, event.failed);
  }

  #answered(by: WorldProcess, session: number, request: number): void {
    const { open, connectedMs, executed } = this.#ledger.entry(by, session);
    if (open.has(request)) {
      for (const [older, askedMs] of open) {
        if (older === request) break;
        if (askedMs < connectedMs) continue;
        this.violated(`${by.name} got the answer to request ${request} before that to ${older}`);
      }
    }
    if (!(request <= executed)) {
      this.violated(`${by.name} got an answer to request ${request}, executed are ${executed}`);
    }
  }

  #closed(by: WorldProcess, session: number, failed: readonly number[]): void {
    const { open } = this.#ledger.entry(by, session);
    for (const request of open.keys()) {
      if (!failed.includes(request)) {
        this.violated(`${by.name} closed session ${session}, and request ${request} is not reported`);
      }
    }
  }
}
