import { poolUserDefaults, sessionDefaults } from '@rserpool/core';
import type { AsapMessage, MessageTransport } from '@rserpool/wire';
import type { ElementProcess } from '../pool-world/element-process.ts';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import type { UserProcess } from '../pool-world/user-process.ts';
import type { ProcessChange, ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';
import type { LedgerEntry, SessionLedger } from './session-ledger.ts';
import { servingElements } from './views.ts';
import type { WorldRules } from './world-rules.ts';

/** Nothing is due in less. */
const worthALookMs = 10_000;

/** What answers told a user of one pool. */
interface Listing {
  /** By identifier of each element that the last answer listed: since when every answer has. */
  readonly sinceMs: Map<number, number>;
  /** When one came that the answer before had not listed: each may have to be tried. */
  readonly news: number[];
}

/**
 * Also while there are faults: a session makes progress where the world grants it. It does where for a whole bound
 *
 * - its user was not suspended, and had the same home registrar,
 * - and one element of its pool served, was not suspended, was listed by every answer that the user got, did not send the user
 *   away, and nothing befell the paths between the two.
 *
 * What happens to all others does not matter. Any answer is progress.
 */
export class ProgressUnderFaults extends Invariant {
  readonly name = 'progress-under-faults';
  readonly #ledger: SessionLedger;
  readonly #rules: WorldRules;
  /** When a process started, or went on after it was suspended. */
  readonly #undisturbedSinceMs = new WeakMap<WorldProcess, number>();
  readonly #homeSinceMs = new WeakMap<WorldProcess, number>();
  readonly #listings = new WeakMap<WorldProcess, Map<string, Listing>>();
  /** By session and element: when the element last sent it away. */
  readonly #sentAwayMs = new WeakMap<LedgerEntry, Map<number, number>>();
  /** How often a session was looked at that had been granted progress for more than its bound. */
  looks = 0;

  constructor(world: PoolWorld, ledger: SessionLedger, rules: WorldRules) {
    super(world);
    this.#ledger = ledger;
    this.#rules = rules;
  }

  override onProcess(process: WorldProcess, change: ProcessChange): void {
    if (change === 'started' || change === 'resumed')
      this.#undisturbedSinceMs.set(process, this.world.clock.nowMs);
  }

  override onEvent(by: WorldProcess, event: ProcessEvent): void {
    const { nowMs } = this.world.clock;
    if (event.type === 'home-found') this.#homeSinceMs.set(by, nowMs);
    if (event.type !== 'failover' || event.reason === 'lost' || event.reason === 'silent') return;
    const entry = this.#ledger.entry(by, event.session);
    const sentAway = this.#sentAwayMs.get(entry) ?? new Map<number, number>();
    this.#sentAwayMs.set(entry, sentAway.set(event.elementId, nowMs));
  }

  override onAsapReceived(by: WorldProcess, _from: MessageTransport, message: AsapMessage): void {
    if (message.type !== 'handle-resolution-response') return;
    const { nowMs } = this.world.clock;
    const ofUser = this.#listings.get(by) ?? new Map<string, Listing>();
    this.#listings.set(by, ofUser);
    const before = ofUser.get(message.poolHandle);
    const listing: Listing = { sinceMs: new Map(), news: before?.news ?? [] };
    ofUser.set(message.poolHandle, listing);
    for (const { elementId } of message.elements) {
      const sinceMs = before?.sinceMs.get(elementId);
      if (sinceMs === undefined) listing.news.push(nowMs);
      listing.sinceMs.set(elementId, sinceMs ?? nowMs);
    }
  }

  override now(): void {
    if (this.#rules.mangled) return;
    const serving = servingElements(this.world).filter(({ node }) => !node.holding);
    for (const entry of this.#ledger.entries.values()) {
      const { user, pool } = entry;
      if (!user.alive || user.node.holding || user.engine.state.home === undefined) continue;
      for (const element of serving) if (element.options.pool === pool) this.#check(entry, element);
    }
  }

  #check(entry: LedgerEntry, element: ElementProcess): void {
    const { user, open, pool, application, number } = entry;
    const { nowMs } = this.world.clock;
    const listing = this.#listings.get(user)?.get(pool);
    const grantedSinceMs = this.#grantedSinceMs(entry, element, listing);
    if (listing === undefined || nowMs - grantedSinceMs < worthALookMs) return;
    const [[request, askedMs] = [0, Infinity]] = open;
    const waitsSinceMs = Math.max(grantedSinceMs, askedMs, entry.answeredMs);
    const toTry = listing.sinceMs.size + listing.news.filter((newsMs) => newsMs >= waitsSinceMs).length;
    const boundMs = this.#boundMs(user, number, toTry);
    if (nowMs - grantedSinceMs > boundMs) this.looks++;
    if (nowMs - waitsSinceMs <= boundMs) return;
    const waitedMs = (nowMs - waitsSinceMs).toFixed(0);
    this.violated(
      `request ${request} of ${application.lineage} (${pool}) waits, though ${element.name} was there for ${waitedMs} ms`,
    );
  }

  #grantedSinceMs(entry: LedgerEntry, element: ElementProcess, listing: Listing | undefined): number {
    const { user } = entry;
    return Math.max(
      listing?.sinceMs.get(element.elementId) ?? Infinity,
      this.#homeSinceMs.get(user) ?? Infinity,
      this.#undisturbedSinceMs.get(user) ?? Infinity,
      this.#undisturbedSinceMs.get(element) ?? Infinity,
      this.#sentAwayMs.get(entry)?.get(element.elementId) ?? -Infinity,
      this.#pathsSinceMs(user, element),
    );
  }

  /** Since when nothing has befallen any path between two processes; Infinity where something does now. */
  #pathsSinceMs(user: WorldProcess, element: WorldProcess): number {
    let sinceMs = -Infinity;
    for (const near of user.node.addresses) {
      for (const far of element.node.addresses) {
        const link = this.world.network.link(near, far);
        if (link.isCut || !link.isPlain) return Infinity;
        sinceMs = Math.max(sinceMs, link.changedAtMs);
      }
    }
    return sinceMs;
  }

  /** An element is lost or silent, a round of all others fails, and one of the wait between two rounds; by clocks that differ. */
  #boundMs(user: UserProcess, session: number, toTry: number): number {
    const { requestTimeoutMs } = { ...poolUserDefaults, ...user.options };
    const { connectTimeoutMs, retryDelayMs, silenceTimeoutMs } = {
      ...sessionDefaults,
      ...user.optionsOf(session),
    };
    const { failureDetectionMs } = this.world.network;
    const roundMs = toTry * (connectTimeoutMs + requestTimeoutMs);
    return 1.02 * (failureDetectionMs + silenceTimeoutMs + roundMs + retryDelayMs.max) + 5_000;
  }
}
