import type { AsapMessage, HandleResolutionResponse, MessageTransport } from '@rserpool/wire';
import type { ProcessChange, ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';

/** A resolution response as a user got it. */
interface Listing {
  /** When the next one came. */
  untilMs: number;
  readonly elementIds: ReadonlySet<number>;
}

/**
 * A user connects only to elements that the last answer for their pool listed when it chose them. An answer that it may not have
 * waited for any more (it has another home registrar since, or has given the request up) may be the last one or not.
 */
export class SelectedWasListed extends Invariant {
  readonly name = 'selected-was-listed';
  /** By user and pool: the last answers, the oldest first. */
  readonly #listings = new Map<WorldProcess, Map<string, Listing[]>>();
  /** By user: pools that it has asked for and got no answer. */
  readonly #asked = new WeakMap<WorldProcess, Set<string>>();
  readonly #suspendedMs = new WeakMap<WorldProcess, number>();

  /** While a user hangs, so does its attempt to connect. */
  override onProcess(process: WorldProcess, change: ProcessChange): void {
    if (change === 'suspended') this.#suspendedMs.set(process, this.world.clock.nowMs);
    if (change !== 'resumed') return;
    const hungMs = this.world.clock.nowMs - (this.#suspendedMs.get(process) ?? this.world.clock.nowMs);
    for (const listings of this.#listings.get(process)?.values() ?? [])
      for (const listing of listings) listing.untilMs += hungMs;
  }

  override onAsapSent(by: WorldProcess, _to: MessageTransport, message: AsapMessage): void {
    if (message.type !== 'handle-resolution') return;
    const asked = this.#asked.get(by) ?? new Set();
    this.#asked.set(by, asked.add(message.poolHandle));
  }

  override onAsapReceived(by: WorldProcess, from: MessageTransport, message: AsapMessage): void {
    if (message.type !== 'handle-resolution-response') return;
    const isWaitedFor = this.#isWaitedFor(by, from, message);
    const elementIds = new Set(message.elements.map(({ elementId }) => elementId));
    if (message.causes.length > 0 && elementIds.size === 0) return; // a stale cache is better than nothing
    let ofUser = this.#listings.get(by);
    if (ofUser === undefined) this.#listings.set(by, (ofUser = new Map<string, Listing[]>()));
    const nowMs = this.world.clock.nowMs;
    const earlier = (ofUser.get(message.poolHandle) ?? []).filter(
      ({ untilMs }) => untilMs > nowMs - longestAttemptMs,
    );
    if (isWaitedFor) for (const listing of earlier) listing.untilMs = Math.min(listing.untilMs, nowMs);
    earlier.push({ untilMs: Infinity, elementIds });
    ofUser.set(message.poolHandle, earlier);
  }

  /** Whether the user certainly takes it. */
  #isWaitedFor(by: WorldProcess, from: MessageTransport, message: HandleResolutionResponse): boolean {
    const wasAsked = this.#asked.get(by)?.delete(message.poolHandle) === true;
    const user = this.world.process(by.name);
    if (user?.kind !== 'user') return false;
    const { home, outstandingRequests } = user.engine.state;
    const isFromHome = home?.addresses.some((address) => from.addresses.includes(address)) === true;
    return isFromHome && (message.subscribed || (wasAsked && outstandingRequests > 0));
  }

  override onEvent(by: WorldProcess, event: ProcessEvent): void {
    if (event.type !== 'session-opened' && event.type !== 'resumed') return;
    const user = this.world.process(by.name);
    if (user?.kind !== 'user') return;
    const pool = user.poolOf(event.session);
    const earliestMs = this.world.clock.nowMs - longestAttemptMs;
    const listings = (this.#listings.get(by)?.get(pool) ?? []).filter(({ untilMs }) => untilMs >= earliestMs);
    if (!listings.some(({ elementIds }) => elementIds.has(event.elementId))) {
      this.violated(`${by.name} connected to ${pool}/${event.elementId}, which no answer listed lately`);
    }
  }
}

/** An attempt to connect begins with the choice and may take so long: the default of `connectTimeoutMs`, by a slow clock. */
const longestAttemptMs = 5_500;
