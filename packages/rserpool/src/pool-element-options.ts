import { SealedCookies, plainCookies } from '@rserpool/core';
import type { CookieSeal, PoolElementOptions as EngineOptions, SealedCookiesOptions } from '@rserpool/core';
import type { Policy } from '@rserpool/wire';
import type { ClientOptions } from './client-options.ts';
import { nodeCookieCrypto } from './node-cookie-crypto.ts';
import { ErrorCode, RSerPoolError } from './rserpool-error.ts';
import type { ServedSession } from './served-session.ts';

/** The pool's cookie keys, the same at every element: see {@link SealedCookies}. */
export type CookieKeys = Pick<SealedCookiesOptions, 'keys' | 'sealingKeyId' | 'encrypt' | 'maxAgeMs'>;

export interface PoolElementOptions
  extends
    ClientOptions,
    Pick<
      EngineOptions,
      | 'registrationLifeMs'
      | 'reregistrationIntervalMs'
      | 'minimumReregistrationIntervalMs'
      | 'registrationTimeoutMs'
      | 'deregistrationTimeoutMs'
    > {
  /** The pool's name. */
  readonly pool: string;
  /** Default round robin. All elements of a pool must name the same policy. */
  readonly policy?: Policy;
  /** 1 to 0xffffffff. Default: random. */
  readonly elementId?: number;
  /**
   * Where users connect to: this host's own addresses, not a wildcard, of one transport. Default 127.0.0.1:0: any port.
   * All elements of a pool must have the same protocol, SCTP or TCP (RFC 5352 section 3.1).
   */
  readonly listen?: string;
  /**
   * Where registrars that take the element over connect to, and from where it connects to them by SCTP. Default: the addresses
   * of `listen` and any port, by the protocol of the first of `registrars`.
   */
  readonly asapListen?: string;
  /**
   * Behind port forwarding: what is registered in place of `listen` (`users`) and `asapListen` (`registrars`). A registrar takes
   * only addresses that the element's association comes from, unless its `checkAddresses` is off; ports may be any.
   */
  readonly advertise?: { readonly users?: string; readonly registrars?: string };
  /** Called for every new session; an error that it throws or rejects with aborts the session, and the user goes elsewhere. */
  readonly serve: (session: ServedSession) => void | Promise<void>;
  /** Signs, and encrypts, the state cookies. Default 'plain': users could change them, RSPLIB can read them. */
  readonly cookies?: 'plain' | CookieKeys;
  /** Sessions above are rejected, and their users try another element. Default 10,000. */
  readonly maxSessions?: number;
  /**
   * A user that has sent nothing so long after it connected is closed in order, and goes to another element. Default: never, for
   * there are services whose users only listen.
   */
  readonly idleTimeoutMs?: number;
  /**
   * So many other elements of the pool are recommended to each user when its session begins (RFC 5352 section 3.9): those that
   * the policy would choose next. Takes one more connection to a registrar. Default 0; see {@link ServedSession.recommend}.
   */
  readonly recommend?: number;
  /** Where the ASAP side runs: 'worker' keeps the element registered while `serve` blocks the event loop. Default 'main'. */
  readonly asapIn?: 'main' | 'worker';
}

/** @throws RSerPoolError invalid-argument for unusable keys */
export function cookieSeal(cookies: PoolElementOptions['cookies'] = 'plain'): CookieSeal {
  if (cookies === 'plain') return plainCookies;
  try {
    return new SealedCookies({ ...cookies, crypto: nodeCookieCrypto, wallClockMs: () => Date.now() });
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause);
    throw new RSerPoolError(ErrorCode.invalidArgument, `cookies: ${text}`, { cause });
  }
}
