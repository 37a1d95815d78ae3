import type { Policy } from '@rserpool/wire';
import type { PolicyMember } from './policy-definition.ts';

/** Full load, and 1 as a fraction where RSPLIB speaks of a distance penalty factor. */
const fullLoad = 0xffffffff;

/** Any policy by the numbers that it may have. */
interface PolicyNumbers {
  readonly name: string;
  readonly load?: number;
  readonly degradation?: number;
  readonly loadDpf?: number;
  readonly weight?: number;
  readonly weightDpf?: number;
  readonly priority?: number;
  readonly distanceMs?: number;
}

/** Load; 0 for a policy without. */
export function load(policy: PolicyNumbers): number {
  return policy.load ?? 0;
}

/** Load that one more user adds (RFC 5356 sections 5.2 and 5.3); 0 for a policy without. */
export function degradation(policy: PolicyNumbers): number {
  return policy.degradation ?? 0;
}

/** Weight; 0 for a policy without. */
export function weight(policy: PolicyNumbers): number {
  return policy.weight ?? 0;
}

/** Priority; 0 for a policy without. */
export function priorityValue(policy: PolicyNumbers): number {
  return policy.priority ?? 0;
}

/** The distance that an element's registration tells, in milliseconds; 0 for a policy without. */
export function toldDistanceMs(policy: PolicyNumbers): number {
  return policy.distanceMs ?? 0;
}

/** Degradation counter * degradation (RFC 5356 section 5.2.2). */
export function degraded(member: PolicyMember): number {
  return member.degradationCounter * degradation(member.policy);
}

/**
 * Load* = load + distance * load DPF, at most full load (papers/000 section 5.3, equation 4). The distance is the one that
 * the registrar measured, not the one in the element's policy.
 */
export function distantLoad(member: PolicyMember): number {
  const policy: PolicyNumbers = member.policy;
  return Math.min(fullLoad, (policy.load ?? 0) + member.distanceMs * (policy.loadDpf ?? 0));
}

/**
 * Weight* = weight - weight * distance * weight DPF, at least 0, where a weight DPF of 0xffffffff is 1 per millisecond
 * (RSPLIB; draft-dreibholz-rserpool-delay).
 */
export function distantWeight(member: PolicyMember): number {
  const policy: PolicyNumbers = member.policy;
  const penalty = (member.distanceMs * (policy.weightDpf ?? 0)) / fullLoad;
  return Math.max(0, (policy.weight ?? 0) * (1 - penalty));
}

/**
 * The weight of a randomized policy: what is left of full load (RFC 5356 section 5.4.1), at least 1 as in RSPLIB. A fully
 * loaded element still serves, and where all are fully loaded the RFC's formula is 0 / 0.
 */
export function unload(value: number): number {
  return Math.max(1, fullLoad - value);
}

/** A policy with a distance as it is known here; the policy itself where it has none. */
export function withDistance(policy: Policy, distanceMs: number): Policy {
  return 'distanceMs' in policy ? { ...policy, distanceMs: Math.round(distanceMs) } : policy;
}
