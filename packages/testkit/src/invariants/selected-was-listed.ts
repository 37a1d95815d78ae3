import type { AsapMessage, MessageTransport } from '@rserpool/wire';
import type { ProcessEvent } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';
import { Invariant } from './invariant.ts';

/** A resolution response as a user got it. */
interface Listing {
  readonly untilMs: number;
  readonly elementIds: ReadonlySet<number>;
}

/** A user connects only to elements that the last answer for their pool listed when it chose them. */
export class SelectedWasListed extends Invariant {
  readonly name = 'selected-was-listed';
  /** By user and pool: the last answers, each with when the next one came; the oldest first. */
  readonly #listings = new Map<WorldProcess, Map<string, Listing[]>>();

  override onAsapReceived(by: WorldProcess, _from: MessageTransport, message: AsapMessage): void {
    if (message.type !== 'handle-resolution-response') return;
    const elementIds = new Set(message.elements.map(({ elementId }) => elementId));
    if (message.causes.length > 0 && elementIds.size === 0) return; // a stale cache is better than nothing
    let ofUser = this.#listings.get(by);
    if (ofUser === undefined) this.#listings.set(by, (ofUser = new Map<string, Listing[]>()));
    const nowMs = this.world.clock.nowMs;
    const earlier = (ofUser.get(message.poolHandle) ?? [])
      .filter(({ untilMs }) => untilMs > nowMs - longestAttemptMs)
      .map((listing) => ({ ...listing, untilMs: Math.min(listing.untilMs, nowMs) }));
    ofUser.set(message.poolHandle, [...earlier, { untilMs: Infinity, elementIds }]);
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
