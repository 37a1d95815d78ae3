import type { PolicyDefinition, PolicyMember } from '@rserpool/core';
import { VirtualClock, VirtualHost } from '@rserpool/testkit';
import type { Policy } from '@rserpool/wire';

/** A pool element as far as policies see it. */
export interface TestMember extends PolicyMember {
  policy: Policy;
  distanceMs: number;
}

/** Elements with their policy's order, and slots as a pool hands them out. */
export class OrderHarness {
  readonly members = new Map<number, TestMember>(); // by element identifier, in the order of registration
  readonly order;
  private readonly freeSlots: number[] = [];

  constructor(definition: PolicyDefinition, seed = 1) {
    const host = new VirtualHost(new VirtualClock(seed), 'handlespace');
    this.order = definition.createOrder<TestMember>(host);
  }

  /** Registers or re-registers. */
  put(elementId: number, policy: Policy, distanceMs = 0): void {
    const member = this.members.get(elementId);
    if (member === undefined) {
      const slot = this.freeSlots.pop() ?? this.members.size;
      const added = { slot, elementId, policy, distanceMs, degradationCounter: 0 };
      this.members.set(elementId, added);
      this.order.add(added);
    } else {
      member.policy = policy;
      member.distanceMs = distanceMs;
      member.degradationCounter = 0;
      this.order.update(member);
    }
  }

  setDistance(elementId: number, distanceMs: number): void {
    const member = this.members.get(elementId);
    if (member === undefined) return;
    member.distanceMs = distanceMs;
    this.order.update(member);
  }

  remove(elementId: number): void {
    const member = this.members.get(elementId);
    if (member === undefined) return;
    this.members.delete(elementId);
    this.order.remove(member);
    this.freeSlots.push(member.slot);
  }

  select(items: number, increments?: number): number[] {
    return this.order.select(items, increments).map((member) => member.elementId);
  }
}
