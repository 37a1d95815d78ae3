import type { MessageTransport } from '@rserpool/wire';
import type { PolicyRegistry } from '../policies/policy-registry.ts';
import { standardPolicies } from '../policies/standard-policies.ts';
import { defaultRegistrarLimits } from './registrar-limits.ts';
import type { RegistrarLimits } from './registrar-limits.ts';
import type { RegistrarEvent } from './registrar-event.ts';

/** All intervals of a registrar, in milliseconds. */
export interface RegistrarTimers {
  /** PEER-HEARTBEAT-CYCLE (RFC 5353 section 4.2); varied by ±12.5 %. */
  readonly heartbeatCycleMs: number;
  /** MAX-TIME-LAST-HEARD (RFC 5353 section 4.2): silence after which a peer is asked whether it lives. */
  readonly maxTimeLastHeardMs: number;
  /** MAX-TIME-NO-RESPONSE (RFC 5353 section 4.2): how long any answer of a peer is awaited. */
  readonly maxTimeNoResponseMs: number;
  /** How long a starting registrar listens on the ENRP server channel for a mentor, where it has multicast. */
  readonly mentorDiscoveryMs: number;
  /** A starting registrar that only meets others that start too goes on alone after this time. */
  readonly initializationLimitMs: number;
  /** ENRP_INIT_TAKEOVER is repeated to the peers that have not acknowledged it, three times in all (not in the RFC). */
  readonly takeoverRetryMs: number;
  /** A peer that somebody else is taking over is watched again when that has not come to an end (not in the RFC). */
  readonly takeoverWatchMs: number;
  /** Between two keep-alives to an own element; varied by ±50 % (RFC 5352 section 3.5). */
  readonly keepAliveIntervalMs: number;
  /** How long an element has to acknowledge a keep-alive. */
  readonly keepAliveTimeoutMs: number;
  /** How long an element whose association was lost has to be back, by itself or called by a keep-alive. */
  readonly lostElementGraceMs: number;
  /** How long the association that registered an element may take to prove it alive when another one claims the element. */
  readonly ownershipChallengeMs: number;
  /** Two claims of one element by two registrars within this time may have crossed; must exceed the round trip between them. */
  readonly crossingClaimsMs: number;
  /** T6-Serverannounce (RFC 5352 section 3.6). */
  readonly serverAnnounceMs: number;
  /** Least time between two dynamic updates of one subscription (RFC 5352 section 2.2.5 names none). */
  readonly subscriptionIntervalMs: number;
  /** First and longest pause before a connection is tried again; it doubles in between. */
  readonly reconnectMinMs: number;
  readonly reconnectMaxMs: number;
  /** How often one peer, chosen at random, is asked for its list of peers, so that the mesh gets complete again. */
  readonly listExchangeMs: number;
}

/**
 * Defaults: a dead registrar is noticed after 2.5 s when its associations break, else after 7.5 s; a dead element after 2.5 s or
 * 12.5 s. They also suit peers that run RSPLIB.
 */
export const defaultTimers: RegistrarTimers = {
  heartbeatCycleMs: 2_000,
  maxTimeLastHeardMs: 5_000,
  maxTimeNoResponseMs: 2_500,
  mentorDiscoveryMs: 3_000,
  initializationLimitMs: 5_000,
  takeoverRetryMs: 2_500,
  takeoverWatchMs: 10_000,
  keepAliveIntervalMs: 5_000,
  keepAliveTimeoutMs: 5_000,
  lostElementGraceMs: 2_500,
  ownershipChallengeMs: 1_000,
  crossingClaimsMs: 1_000,
  serverAnnounceMs: 1_000,
  subscriptionIntervalMs: 200,
  reconnectMinMs: 500,
  reconnectMaxMs: 5_000,
  listExchangeMs: 30_000,
};

/** The defaults of the RFCs where they name one (RFC 5353 section 4.2). */
export const rfcTimers: RegistrarTimers = {
  ...defaultTimers,
  heartbeatCycleMs: 30_000,
  maxTimeLastHeardMs: 61_000,
  maxTimeNoResponseMs: 5_000,
};

export interface RegistrarOptions {
  /** Not 0. Chosen at random, unique among the registrars (RFC 5353 section 3.2.1). */
  readonly registrarId: number;
  /** Where pool elements and users reach this registrar, for ASAP_SERVER_ANNOUNCE. */
  readonly asapTransports: readonly MessageTransport[];
  /** Where peers reach this registrar, for its server information, which has one of them: that of the association's protocol, or the first. */
  readonly enrpTransports: readonly [MessageTransport, ...MessageTransport[]];
  /** Peers known from the start: possible mentors, and connected to again and again. This registrar's own transport is skipped. */
  readonly peers: readonly MessageTransport[];
  /** Default: all of RFC 5356 and RSPLIB. */
  readonly policies?: PolicyRegistry;
  readonly timers?: Partial<RegistrarTimers>;
  readonly limits?: Partial<RegistrarLimits>;
  /** The host hears the ENRP server channel: wait for a mentor there. Default false. */
  readonly multicast?: boolean;
  /**
   * An element's addresses must belong to its association (RFC 5352 section 2.2.1), and who wants to change an element must
   * come from one of its addresses. Switch off behind address translation only. Default true.
   */
  readonly checkAddresses?: boolean;
  /** MAX-BAD-PE-REPORT (RFC 5352 section 3.5): one report more removes the element. Default 3. */
  readonly maxBadElementReports?: number;
  /** Elements in a resolution without an item count; RFC 5352 section 3.3: all, which is the default; RSPLIB: 3. */
  readonly defaultResolutionItems?: number;
  /** DistanceStep: to what distances are rounded for policies that regard delay. Default 50. */
  readonly distanceStepMs?: number;
  /** Suggest and accept takeovers of single elements (draft-dreibholz-rserpool-enrp-takeover). Default false. */
  readonly takeoverSuggestions?: boolean;
  /** Told of everything that happens; must not call the engine. */
  readonly onEvent?: (event: RegistrarEvent) => void;
}

/** Options with every default filled in. */
export interface RegistrarSettings extends Required<RegistrarOptions> {
  readonly timers: RegistrarTimers;
  readonly limits: RegistrarLimits;
}

/** @throws RangeError for an identifier that is not an unsigned 32-bit integer above 0 */
export function registrarSettings(options: RegistrarOptions): RegistrarSettings {
  const { registrarId } = options;
  if (!Number.isInteger(registrarId) || registrarId <= 0 || registrarId > 0xffffffff) {
    throw new RangeError(`registrar: the identifier must be from 1 to 4294967295, got ${registrarId}`);
  }
  return {
    policies: standardPolicies(),
    multicast: false,
    checkAddresses: true,
    maxBadElementReports: 3,
    defaultResolutionItems: Infinity,
    distanceStepMs: 50,
    takeoverSuggestions: false,
    onEvent: () => undefined,
    ...options,
    timers: { ...defaultTimers, ...options.timers },
    limits: { ...defaultRegistrarLimits, ...options.limits },
  };
}
