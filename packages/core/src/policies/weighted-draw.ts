import { PolicyType } from '@rserpool/wire';
import type { Policy } from '@rserpool/wire';
import type { Host } from '../port/host.ts';
import { SumTree } from '../structures/sum-tree.ts';
import type { PolicyDefinition, PolicyMember, PolicyOrder, StandardPolicyName } from './policy-definition.ts';
import { randomFraction } from './random-number.ts';

type Weight = (member: PolicyMember) => number;

/** A policy that draws elements with probabilities in the ratio of their weights (RFC 5356 section 4.4.2). */
export function weightedDrawPolicy(name: StandardPolicyName, weight: Weight): PolicyDefinition {
  return {
    name,
    type: PolicyType[name],
    accepts: (policy: Policy) => policy.name === name,
    createOrder: <M extends PolicyMember>(host: Host) => new WeightedDrawOrder<M>(host, weight),
  };
}

/**
 * Draws without replacement: what was drawn weighs nothing until all are drawn. An element of weight 0 is not capable of any
 * service (RFC 5356 section 3.2) and never drawn.
 */
class WeightedDrawOrder<M extends PolicyMember> implements PolicyOrder<M> {
  readonly #host: Host;
  readonly #weight: Weight;
  readonly #tree = new SumTree();
  readonly #members: (M | undefined)[] = [];

  constructor(host: Host, weight: Weight) {
    this.#host = host;
    this.#weight = weight;
  }

  add(member: M): void {
    this.#members[member.slot] = member;
    this.#tree.set(member.slot, this.#weight(member));
  }

  update(member: M): void {
    const weight = this.#weight(member);
    if (weight !== this.#tree.weight(member.slot)) this.#tree.set(member.slot, weight);
  }

  remove(member: M): void {
    this.#tree.set(member.slot, 0);
    this.#members[member.slot] = undefined;
  }

  select(items: number, increments: number | undefined): M[] {
    if (items === 1) return this.#selectFirst(increments);
    const selected: M[] = [];
    while (selected.length < items) {
      const member = this.#draw();
      if (member === undefined) break;
      selected.push(member);
      this.#tree.set(member.slot, 0);
    }
    for (const [index, member] of selected.entries()) {
      if (index < (increments ?? items)) member.degradationCounter++;
      this.update(member);
    }
    return selected;
  }

  /** What {@link select} does for one item. */
  #selectFirst(increments = 1): M[] {
    const member = this.#draw();
    if (member === undefined) return [];
    if (increments > 0) {
      member.degradationCounter++;
      this.update(member);
    }
    return [member];
  }

  #draw(): M | undefined {
    const total = this.#tree.total;
    return total > 0 ? this.#members[this.#tree.find(randomFraction(this.#host) * total)] : undefined;
  }
}
