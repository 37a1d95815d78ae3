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
  /** The owner's {@link OwnerRecord.generation} when it was last registered, or given to the owner. */
  generation = 0;
  /** What {@link userView} made; undefined since it changed. */
  userView: PoolElementParameter | undefined;

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
    // A re-registration brings another load and the same transports: the old objects stay, so that the new ones die young.
    if (!isSame(this.userTransport, parameter.userTransport)) this.userTransport = parameter.userTransport;
    if (!isSame(this.asapTransport, parameter.asapTransport)) this.asapTransport = parameter.asapTransport;
    this.policy = parameter.policy;
    this.distanceMs = distanceMs;
    this.expiresAtMs = nowMs + parameter.registrationLifeMs;
    this.degradationCounter = 0; // RFC 5356 section 5.2.2
    this.userView = undefined;
  }
}

/** An element as it goes on the wire, with the distance that is known here in policies that carry one. */
export function elementParameter(element: ElementRecord): PoolElementParameter {
  const { elementId, homeRegistrarId, registrationLifeMs, userTransport, asapTransport } = element;
  const policy = withDistance(element.policy, element.distanceMs);
  // Not by spreading one into the other: in V8 that takes thirty times as long, and this is done for every element of every answer.
  return asapTransport === undefined
    ? { elementId, homeRegistrarId, registrationLifeMs, userTransport, policy }
    : { elementId, homeRegistrarId, registrationLifeMs, userTransport, policy, asapTransport };
}

/** The same without the ASAP transport, which is for registrars. Answers to users are mostly made of elements that have not changed. */
export function userView(element: ElementRecord): PoolElementParameter {
  if (element.userView !== undefined) return element.userView;
  const { elementId, homeRegistrarId, registrationLifeMs, userTransport } = element;
  const policy = withDistance(element.policy, element.distanceMs);
  element.userView = { elementId, homeRegistrarId, registrationLifeMs, userTransport, policy };
  return element.userView;
}

function isSame(one: Transport | undefined, other: Transport | undefined): boolean {
  if (one === other) return true;
  if (one?.protocol !== 'tcp' && one?.protocol !== 'sctp') return false; // as good as all are one of these
  if (one.protocol !== other?.protocol || one.port !== other.port || one.use !== other.use) return false;
  const { addresses } = one;
  if (addresses.length !== other.addresses.length) return false;
  return addresses.every((address, index) => address === other.addresses[index]);
}
