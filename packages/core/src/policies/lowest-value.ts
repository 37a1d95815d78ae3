import { PolicyType } from '@rserpool/wire';
import type { Policy } from '@rserpool/wire';
import { TurnQueue } from '../structures/turn-queue.ts';
import type { PolicyDefinition, PolicyMember, PolicyOrder, StandardPolicyName } from './policy-definition.ts';

type Value = (member: PolicyMember) => number;

/** A policy that prefers the lowest value, round robin among equals (RFC 5356 section 5.1.2). */
export function lowestValuePolicy(name: StandardPolicyName, value: Value): PolicyDefinition {
  return {
    name,
    type: PolicyType[name],
    accepts: (policy: Policy) => policy.name === name,
    createOrder: <M extends PolicyMember>() => new LowestValueOrder<M>(value),
  };
}

/** Elements by what `value` says of them and of their degradation counters. */
class LowestValueOrder<M extends PolicyMember> implements PolicyOrder<M> {
  readonly #value: Value;
  readonly #queue = new TurnQueue();
  readonly #members: (M | undefined)[] = [];

  constructor(value: Value) {
    this.#value = value;
  }

  add(member: M): void {
    this.#members[member.slot] = member;
    this.#queue.add(member.slot, this.#value(member));
  }

  update(member: M): void {
    this.#queue.update(member.slot, this.#value(member));
  }

  remove(member: M): void {
    this.#queue.remove(member.slot);
    this.#members[member.slot] = undefined;
  }

  select(items: number, increments: number | undefined): M[] {
    if (items === 1) return this.#selectFirst(increments);
    const selected: M[] = [];
    for (const slot of this.#queue.lowest(items)) {
      const member = this.#members[slot];
      if (member !== undefined) selected.push(member);
    }
    for (const [index, member] of selected.entries()) {
      if (index < (increments ?? items)) member.degradationCounter++;
      this.#queue.use(member.slot, this.#value(member), index < (increments ?? 1));
    }
    return selected;
  }

  /** What {@link select} does for one item, without moving the element more than need be. */
  #selectFirst(increments = 1): M[] {
    const member = this.#members[this.#queue.first()];
    if (member === undefined) return [];
    if (increments > 0) {
      member.degradationCounter++;
      this.#queue.use(member.slot, this.#value(member), true);
    }
    return [member];
  }
}
