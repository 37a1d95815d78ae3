import type { CookieOrder } from './cookie-seal.ts';

const defaultMaxSessions = 65_536;

/**
 * Remembers, per session, the latest cookie that a pool user has echoed to this element. A user that echoes an older one
 * than before does not store the last cookie, as RFC 5352 section 3.8 wants, but goes back in time: to spend the same money
 * twice, say. Only what was echoed counts: a cookie that was issued may never have arrived. Shared by all served sessions of
 * an element; beyond `maxSessions` the session that was heard of least recently is forgotten.
 */
export class CookieHistory {
  readonly #latest = new Map<bigint, number>();
  readonly #maxSessions: number;

  /** @param maxSessions default 65,536, some 5 MiB */
  constructor(maxSessions = defaultMaxSessions) {
    this.#maxSessions = maxSessions;
  }

  /** Notes an echoed cookie; false when the session has echoed a later one. */
  accept(order: CookieOrder): boolean {
    const latest = this.#latest.get(order.sessionId) ?? 0;
    if (order.sequence < latest) return false;
    this.#latest.delete(order.sessionId); // so that it becomes the most recent of the map
    this.#latest.set(order.sessionId, order.sequence);
    if (this.#latest.size > this.#maxSessions) this.#forgetOldest();
    return true;
  }

  #forgetOldest(): void {
    for (const sessionId of this.#latest.keys()) {
      this.#latest.delete(sessionId);
      return;
    }
  }
}
