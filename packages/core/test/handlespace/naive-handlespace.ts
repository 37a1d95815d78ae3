import type { Policy, PoolElementParameter, PoolHandle } from '@rserpool/wire';
import { NaiveRoundRobin, NaiveSorted, NaiveWeightedRoundRobin } from '../policies/naive-policies.ts';
import type { NaivePolicy } from '../policies/naive-policies.ts';
import { naiveChecksum } from './handlespace-world.ts';

export interface NaiveElement {
  readonly handle: PoolHandle;
  readonly elementId: number;
  parameter: PoolElementParameter;
  owner: number;
  distanceMs: number;
  expiresAtMs: number;
  marked: boolean;
}

interface NaivePool {
  readonly handle: PoolHandle;
  readonly policyName: string;
  readonly policy: NaivePolicy;
}

/** The handlespace as lists. */
export class NaiveHandlespace {
  /** In the order of registration. */
  elements: NaiveElement[] = [];
  /** In the order in which they came to their owners. */
  private owned: NaiveElement[] = [];
  pools: NaivePool[] = [];
  nowMs = 0;

  /** Whether the element was created; undefined where it is rejected. */
  register(handle: PoolHandle, parameter: PoolElementParameter, distanceMs: number): boolean | undefined {
    const { elementId, policy } = parameter;
    let pool = this.pools.find((candidate) => candidate.handle === handle);
    if (pool !== undefined && pool.policyName !== policy.name) return undefined;
    if (pool === undefined) {
      pool = { handle, policyName: policy.name, policy: naivePolicy(policy) };
      this.pools.push(pool);
    }
    pool.policy.put(elementId, policy, distanceMs);
    let element = this.find(handle, elementId);
    const created = element === undefined;
    if (element === undefined) {
      const owner = parameter.homeRegistrarId;
      element = { handle, elementId, parameter, owner, distanceMs, expiresAtMs: 0, marked: false };
      this.elements.push(element);
      this.owned.push(element);
    }
    this.setOwner(element, parameter.homeRegistrarId);
    const expiresAtMs = this.nowMs + parameter.registrationLifeMs;
    Object.assign(element, { parameter, distanceMs, expiresAtMs, marked: false });
    return created;
  }

  find(handle: PoolHandle, elementId: number): NaiveElement | undefined {
    return this.elements.find((element) => element.handle === handle && element.elementId === elementId);
  }

  remove(element: NaiveElement): void {
    this.elements = this.elements.filter((other) => other !== element);
    this.owned = this.owned.filter((other) => other !== element);
    this.pools.find(({ handle }) => handle === element.handle)?.policy.remove(element.elementId);
    this.pools = this.pools.filter(({ handle }) => this.elements.some((other) => other.handle === handle));
  }

  setOwner(element: NaiveElement, owner: number): void {
    if (element.owner === owner) return;
    element.owner = owner;
    element.marked = false;
    this.owned = this.owned.filter((other) => other !== element);
    this.owned.push(element);
  }

  setDistance(element: NaiveElement, distanceMs: number): void {
    element.distanceMs = distanceMs;
    const pool = this.pools.find(({ handle }) => handle === element.handle);
    pool?.policy.setDistance?.(element.elementId, distanceMs);
  }

  ownedBy(owner: number): NaiveElement[] {
    return this.owned.filter((element) => element.owner === owner);
  }

  checksum(owner: number): number {
    return naiveChecksum(this.ownedBy(owner));
  }

  select(handle: PoolHandle, items: number): number[] {
    return this.pools.find((pool) => pool.handle === handle)?.policy.select(items) ?? [];
  }

  /** Removes and returns those that are marked, of one owner. */
  sweep(owner: number): NaiveElement[] {
    const marked = this.ownedBy(owner).filter((element) => element.marked);
    for (const element of marked) this.remove(element);
    return marked;
  }

  /** Removes and returns those whose life ended. */
  pass(milliseconds: number): NaiveElement[] {
    this.nowMs += milliseconds;
    const expired = this.elements.filter((element) => element.expiresAtMs <= this.nowMs);
    for (const element of expired) this.remove(element);
    return expired;
  }
}

function naivePolicy(policy: Policy): NaivePolicy {
  if (policy.name === 'round-robin') return new NaiveRoundRobin();
  if (policy.name === 'weighted-round-robin') return new NaiveWeightedRoundRobin();
  return new NaiveSorted(policy.name);
}
