import { given } from './given.ts';
import type { PoolElementOptions } from './pool-element-options.ts';
import { PoolUser } from './pool-user.ts';
import { RSerPoolError } from './rserpool-error.ts';
import type { ServedSession } from './served-session.ts';

/** What was resolved is told to all sessions that begin within this time. */
const staleCacheMs = 1_000;

/**
 * Recommends to each user the elements that the pool's policy would choose next, as an element should (RFC 5352 section 3.9):
 * when this one fails, its users go on at once, also while no registrar answers. Has a connection of its own to a registrar, as
 * a pool user of its own pool.
 */
export class Recommendations {
  readonly #user: PoolUser;
  readonly #pool: string;
  readonly #count: number;

  /** @param count of elements that are recommended */
  constructor(options: PoolElementOptions, count: number) {
    this.#pool = options.pool;
    this.#count = count;
    this.#user = new PoolUser({
      staleCacheMs,
      items: count + 1, // this element may be one of them
      ...given(options, ['log', 'profile', 'transport', 'tls', 'timing', 'registrars', 'announce']),
      ...given(options, ['huntTimeoutMs', 'retryDelayMs', 'maxRetryDelayMs', 'lossJitterMs']),
    });
  }

  /** Tells a session's user; not at all when the pool cannot be resolved now. */
  async tell(session: ServedSession, ownId: number): Promise<void> {
    try {
      const elements = await this.#user.resolve(this.#pool, { signal: session.signal });
      session.recommend(elements.filter(({ elementId }) => elementId !== ownId).slice(0, this.#count));
    } catch (thrown) {
      if (!(thrown instanceof RSerPoolError)) throw thrown; // no registrar, or the session is over: nothing to recommend
    }
  }

  close(): Promise<void> {
    return this.#user.close();
  }
}
