import type { ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import type { WorldRules } from './world-rules.ts';
import { Invariant } from './invariant.ts';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { SessionLedger } from './session-ledger.ts';

/**
 * The state that an element restores is not older than what its user had when they connected, and an element that serves a
 * session is never asked for more than the next request that its state allows. No cookie is refused that elements of the
 * pool have issued.
 */
export class CookiesNeverGoBack extends Invariant {
  readonly name = 'cookies-never-go-back';
  readonly #ledger: SessionLedger;
  readonly #rules: WorldRules;

  constructor(world: PoolWorld, ledger: SessionLedger, rules: WorldRules) {
    super(world);
    this.#ledger = ledger;
    this.#rules = rules;
  }

  override onEvent(by: WorldProcess, event: ProcessEvent): void {
    if (event.type === 'state-restored') this.#state(by, event.lineage, event.via, event.count);
    if (event.type === 'request-gap') this.#gap(by, event);
    if (event.type === 'state-refused' && !this.#rules.mangled) {
      this.violated(`${by.name} refused a cookie: ${event.reason}`);
    }
  }

  #state(by: WorldProcess, lineage: string, via: string, count: number): void {
    const answered = this.#ledger.entries.get(lineage)?.connections.get(via) ?? 0;
    if (count < answered) {
      this.violated(
        `${by.name} restored state ${count} of ${lineage}, whose user had the answer to ${answered}`,
      );
    }
  }

  #gap(by: WorldProcess, event: ProcessEvent & { readonly type: 'request-gap' }): void {
    const { count, lineage, request, via } = event;
    const entry = this.#ledger.entries.get(lineage);
    if (entry === undefined || this.#isStray(by, entry.pool)) return;
    const answered = entry.connections.get(via) ?? 0;
    if (answered <= count) return; // what waited in the session goes before what the application repeats
    this.violated(`${by.name} with state ${count} was asked for request ${request} of ${lineage}`);
  }

  #isStray(by: WorldProcess, pool: string): boolean {
    if (!this.#rules.mangled) return false;
    const element = this.world.process(by.name);
    return element?.kind !== 'element' || element.options.pool !== pool;
  }
}
