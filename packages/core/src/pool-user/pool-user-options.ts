import type { PolicyRegistry } from '../policies/policy-registry.ts';
import { registrarHuntDefaults } from '../registrar-hunt/registrar-hunt-options.ts';
import type { RegistrarHuntOptions } from '../registrar-hunt/registrar-hunt-options.ts';

/** All times in milliseconds. */
export interface PoolUserOptions extends RegistrarHuntOptions {
  /** T1-ENRPrequest. Default 15,000 (RFC 5352 section 7.1). */
  readonly requestTimeoutMs?: number;
  /** MAX-REQUEST-RETRANSMIT: a request is given up after one timeout more than this. Default 2 (RFC 5352 section 7.3). */
  readonly maxRequestRetransmissions?: number;
  /** stale_cache_value (RFC 5352 section 7.2): how long resolved elements are used without asking again. Default 0: always ask. */
  readonly staleCacheMs?: number;
  /** How many elements to ask for; Infinity for as many as possible. Default: what the registrar thinks fit. */
  readonly items?: number;
  /** Ask registrars to send every change of a resolved pool (S bit, RFC 5352 section 2.2.5): it is not stale then. Default false. */
  readonly subscribe?: boolean;
  /** For selection among what was resolved. Default {@link standardPolicies}. */
  readonly policies?: PolicyRegistry;
  /** Pools in the cache; the one that was resolved longest ago makes room for another. Default 1,024. */
  readonly maxCachedPools?: number;
  /** Elements of one pool in the cache; more in a response are ignored. Default 1,024. */
  readonly maxElementsPerPool?: number;
  /** Pools that are being resolved at a time; more fail at once. Default 1,024. */
  readonly maxOutstandingRequests?: number;
  /** Elements reported unreachable to remember, so that none is reported twice; the oldest are forgotten. Default 1,024. */
  readonly maxFailureReports?: number;
}

export const poolUserDefaults = {
  ...registrarHuntDefaults,
  requestTimeoutMs: 15_000,
  maxRequestRetransmissions: 2,
  staleCacheMs: 0,
  subscribe: false,
  maxCachedPools: 1_024,
  maxElementsPerPool: 1_024,
  maxOutstandingRequests: 1_024,
  maxFailureReports: 1_024,
} as const;

/** Options with all defaults filled in. */
export type PoolUserSettings = Required<Omit<PoolUserOptions, 'items' | 'policies'>> &
  Pick<PoolUserOptions, 'items'> & { readonly policies: PolicyRegistry };
