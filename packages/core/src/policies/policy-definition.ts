import type { Policy, PolicyName } from '@rserpool/wire';
import type { Host } from '../port/host.ts';

/** A policy whose values the wire knows. */
export type StandardPolicyName = Exclude<PolicyName, 'other'>;

/** What a policy sees of a pool element. */
export interface PolicyMember {
  /** A small integer, unique in the pool while the element is in it and used again afterwards: an index for arrays. */
  readonly slot: number;
  readonly elementId: number;
  /** The element's own values for the pool's policy. */
  readonly policy: Policy;
  /** Distance to the element in milliseconds, as its registrar measured it. */
  readonly distanceMs: number;
  /**
   * For the policy to count selections of the element since its last registration or re-registration, which set it to 0
   * (RFC 5356 section 5.2.2).
   */
  degradationCounter: number;
}

/**
 * The elements of one pool in the order of its policy. It lives as long as the pool. Any method may be called in any order;
 * each should take time that hardly grows with the pool.
 */
export interface PolicyOrder<M extends PolicyMember> {
  /** A new element. */
  add(member: M): void;
  /** `policy`, `distanceMs` or `degradationCounter` of an element have changed, or none of them. */
  update(member: M): void;
  /** An element leaves the pool; its slot is free afterwards. */
  remove(member: M): void;
  /**
   * At most `items` elements, the first choice first, none of them twice; fewer where the pool has fewer that may be used.
   * `increments` is how many of them, from the first on, count as used. Undefined is RFC 5356: the turn of round robin goes
   * on by one element (sections 4.1.2, 4.2.2, 5.1.2), degradation counters grow for every element returned (section 5.2.2).
   * RSPLIB's way is 1, for both.
   */
  select(items: number, increments: number | undefined): M[];
}

/** A policy: how it is called, and how to make the order of a pool. The built-in ones and those of applications alike. */
export interface PolicyDefinition {
  /** {@link Policy.name} of a built-in policy; any other name for an application's own. */
  readonly name: string;
  /** Policy type on the wire (RFC 5356 section 7.1); applications use 0x80000000 to 0xffffffff. */
  readonly type: number;
  /**
   * Whether an element's values are well-formed. An application's own policy gets them as `other` and parses their data;
   * elements that it does not accept are rejected.
   */
  accepts(policy: Policy): boolean;
  /** The order for a new pool. All its randomness comes from the host. */
  createOrder<M extends PolicyMember>(host: Host): PolicyOrder<M>;
}
