import type { ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { SessionLedger } from './session-ledger.ts';

/**
 * No request is executed twice in the lineage of its session's cookies: not by the served session that executed it or was told
 * of it by its cookie, and by no other that began when the user had the answer (the cookie comes before the answer).
 */
export class ExecutedOnce extends Invariant {
  readonly name = 'executed-once';
  readonly #ledger: SessionLedger;
  /** By process and served session: the last number executed or restored. */
  readonly #done = new WeakMap<WorldProcess, Map<number, number>>();

  constructor(world: PoolWorld, ledger: SessionLedger) {
    super(world);
    this.#ledger = ledger;
  }

  override onEvent(by: WorldProcess, event: ProcessEvent): void {
    if (event.type === 'state-restored') this.#doneBy(by).set(event.session, event.count);
    if (event.type === 'session-down') this.#doneBy(by).delete(event.session);
    if (event.type !== 'request-executed') return;
    const done = this.#doneBy(by);
    const before = done.get(event.session) ?? 0;
    if (event.request <= before) {
      this.violated(`${by.name} executed request ${event.request} of ${event.lineage} after ${before}`);
    }
    done.set(event.session, event.request);
    const answered = this.#ledger.entries.get(event.lineage)?.connections.get(event.via) ?? 0;
    if (event.request <= answered) {
      this.violated(
        `${by.name} executed request ${event.request} of ${event.lineage}, whose user had the answer to ${answered} before`,
      );
    }
  }

  #doneBy(process: WorldProcess): Map<number, number> {
    let done = this.#done.get(process);
    if (done === undefined) this.#done.set(process, (done = new Map<number, number>()));
    return done;
  }
}
