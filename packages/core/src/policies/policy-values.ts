import type { Policy } from '@rserpool/wire';
import type { PolicyMember } from './policy-definition.ts';

/** Full load, and 1 for the fractions that RSPLIB calls DPF. */
export const fullLoad = 0xffffffff;

/** Load; 0 for a policy without. */
export function load(policy: Policy): number {
  return 'load' in policy ? policy.load : 0;
}

/** Load that one more user adds (RFC 5356 sections 5.2 and 5.3); 0 for a policy without. */
export function degradation(policy: Policy): number {
  return 'degradation' in policy ? policy.degradation : 0;
}

/** Degradation counter * degradation (RFC 5356 section 5.2.2). */
export function degraded(member: PolicyMember): number {
  return member.degradationCounter * degradation(member.policy);
}

/** Weight; 0 for a policy without. */
export function weight(policy: Policy): number {
  return 'weight' in policy ? policy.weight : 0;
}

/**
 * Load* = load + distance * load DPF, at most full load (papers/000 section 5.3, equation 4). The distance is the one that
 * the registrar measured, not the one in the element's policy.
 */
export function distantLoad(member: PolicyMember): number {
  const policy = member.policy;
  if (!('loadDpf' in policy)) return load(policy);
  return Math.min(fullLoad, policy.load + member.distanceMs * policy.loadDpf);
}

/**
 * Weight* = weight - weight * distance * weight DPF, at least 0, where a weight DPF of 0xffffffff is 1 per millisecond
 * (RSPLIB; draft-dreibholz-rserpool-delay).
 */
export function distantWeight(member: PolicyMember): number {
  const policy = member.policy;
  if (!('weightDpf' in policy)) return weight(policy);
  return Math.max(0, policy.weight * (1 - (member.distanceMs * policy.weightDpf) / fullLoad));
}

/**
 * The weight of a randomized policy: what is left of full load (RFC 5356 section 5.4.1), at least 1 as in RSPLIB. A fully
 * loaded element still serves, and where all are fully loaded the RFC's formula is 0 / 0.
 */
export function unload(value: number): number {
  return Math.max(1, fullLoad - value);
}
