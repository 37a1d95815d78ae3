import type { PoolHandle } from '@rserpool/wire';

/**
 * What the state cookie of a session can hold at most: the 16-bit length of an ASAP_COOKIE message counts two headers of 4
 * bytes, and RSPLIB counts the padding to 4 bytes too.
 */
export const maxCookieBytes = 0xfffc - 8;

/** Where a cookie stands in the life of its session. Cookies of one session have growing sequence numbers. */
export interface CookieOrder {
  /** Unsigned 64 bit, drawn by the element that the session began at, and kept over failovers. */
  readonly sessionId: bigint;
  /** From 1. */
  readonly sequence: number;
}

/** What a sealed cookie tells beside the state. */
export interface CookieOrigin extends CookieOrder {
  /** Milliseconds since 1970 by the clock of the element that issued it. */
  readonly issuedAtMs: number;
}

/** Why a cookie is refused. */
export type CookieRefusal =
  /** Not one of ours, or cut off. */
  | 'malformed'
  /** Sealed by a newer release. */
  | 'unknown-version'
  /** Sealed with a key that this element does not have. */
  | 'unknown-key'
  /** Changed, sealed with another key, or for another pool. */
  | 'forged'
  /** Older than the maximum age. */
  | 'expired';

export type OpenedCookie =
  | {
      readonly ok: true;
      readonly state: Uint8Array;
      /** Undefined when the cookie does not tell (see {@link plainCookies}). */
      readonly origin: CookieOrigin | undefined;
    }
  | { readonly ok: false; readonly reason: CookieRefusal };

/** Turns the state of a session into a cookie and back (RFC 5352 section 3.8: a cookie should be signed and verified). */
export interface CookieSeal {
  /** May return more than {@link maxCookieBytes} when the state is too large. */
  seal(state: Uint8Array, poolHandle: PoolHandle, order: CookieOrder): Uint8Array;
  open(cookie: Uint8Array, poolHandle: PoolHandle): OpenedCookie;
}

/**
 * The state as it is, unsigned: anybody can make such a cookie. For services whose cookies RSPLIB's elements must understand
 * or have issued, on a network that is trusted.
 */
export const plainCookies: CookieSeal = {
  seal: (state) => state.slice(),
  open: (cookie) => ({ ok: true, state: cookie.slice(), origin: undefined }),
};
