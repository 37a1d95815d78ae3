import type { MessageTransport, Policy, PoolElementParameter, Transport } from '@rserpool/wire';
import type { PolicyMember } from '../policies/policy-definition.ts';
import { withDistance } from '../policies/policy-values.ts';
import type { Expiring } from '../timer/deadline-queue.ts';
import type { OwnerRecord } from './owner.ts';
import type { Pool, PoolRecord } from './pool.ts';

/**
 * A registered pool element. The object is the same from registration to removal, so it may be the key of a Map; only the
 * handlespace changes its attributes.
 */
export interface Element {
  readonly pool: Pool;
  /** Unsigned 32 bit, not 0. */
  readonly elementId: number;
  /** The registrar that owns it (RFC 5353); 0 when undetermined. */
  readonly homeRegistrarId: number;
  /** Infinity for a registration without end. */
  readonly registrationLifeMs: number;
  readonly userTransport: Transport;
  readonly policy: Policy;
  readonly asapTransport?: MessageTransport | undefined;
  /** Distance to it in milliseconds, for the distance-aware policies. */
  readonly distanceMs: number;
  /** When its registration ends, on the host's clock; Infinity for never. */
  readonly expiresAtMs: number;
  /** For the registrar to count reports of failure; a re-registration does not touch it. */
  unreachableReports: number;
}

/** The handlespace's own view of an element. */
export class ElementRecord implements Element, PolicyMember, Expiring {
  readonly pool: PoolRecord;
  readonly elementId: number;
  readonly slot: number;
  /** Undefined when it is not registered (any more). */
  owner: OwnerRecord | undefined;
  ownerPosition = 0; // the owner's own
  homeRegistrarId = 0;
  registrationLifeMs = 0;
  userTransport: Transport;
  policy: Policy;
  asapTransport: MessageTransport | undefined;
  distanceMs = 0;
  expiresAtMs = 0;
  unreachableReports = 0;
  degradationCounter = 0;
  deadlineSlot = -1;
  isMarked = false;

  constructor(pool: PoolRecord, slot: number, parameter: PoolElementParameter) {
    this.pool = pool;
    this.slot = slot;
    this.elementId = parameter.elementId;
    this.userTransport = parameter.userTransport;
    this.policy = parameter.policy;
  }

  /** Replaces all attributes but the owner, as a registration or a re-registration does (RFC 5352 section 3.1). */
  assign(parameter: PoolElementParameter, distanceMs: number, nowMs: number): void {
    this.registrationLifeMs = parameter.registrationLifeMs;
    this.userTransport = parameter.userTransport;
    this.policy = parameter.policy;
    this.asapTransport = parameter.asapTransport;
    this.distanceMs = distanceMs;
    this.expiresAtMs = nowMs + parameter.registrationLifeMs;
    this.degradationCounter = 0; // RFC 5356 section 5.2.2
    this.isMarked = false; // RFC 5353 section 3.6.3
  }
}

/** An element as it goes on the wire, with the distance that is known here in policies that carry one. */
export function elementParameter(element: ElementRecord): PoolElementParameter {
  const { elementId, homeRegistrarId, registrationLifeMs, userTransport, asapTransport } = element;
  const policy = withDistance(element.policy, element.distanceMs);
  const parameter = { elementId, homeRegistrarId, registrationLifeMs, userTransport, policy };
  return asapTransport === undefined ? parameter : { ...parameter, asapTransport };
}
