import { PolicyType } from '@rserpool/wire';
import { SlotRings } from '../structures/slot-rings.ts';
import type { PolicyDefinition, PolicyMember, PolicyOrder } from './policy-definition.ts';

/** Round Robin (RFC 5356 section 4.1.1), the default policy. */
export const roundRobin: PolicyDefinition = {
  name: 'round-robin',
  type: PolicyType['round-robin'],
  accepts: (policy) => policy.name === 'round-robin',
  createOrder: <M extends PolicyMember>() => new RoundRobinOrder<M>(),
};

/** The circular list of section 4.1.2: lists start at the head; a new element comes last. */
class RoundRobinOrder<M extends PolicyMember> implements PolicyOrder<M> {
  readonly #ring = new SlotRings();
  readonly #members: (M | undefined)[] = [];
  #head = -1;

  add(member: M): void {
    this.#members[member.slot] = member;
    this.#ring.insertBefore(this.#head, member.slot);
    if (this.#head < 0) this.#head = member.slot;
  }

  update(): void {
    // An element's place does not depend on its values.
  }

  remove(member: M): void {
    const next = this.#ring.remove(member.slot);
    if (this.#head === member.slot) this.#head = next;
    this.#members[member.slot] = undefined;
  }

  select(items: number, increments = 1): M[] {
    const selected: M[] = [];
    const head = this.#head;
    for (let slot = head; selected.length < items;) {
      const member = this.#members[slot];
      if (member === undefined) break;
      selected.push(member);
      slot = this.#ring.next(slot);
      if (selected.length <= increments) this.#head = slot;
      if (slot === head) break;
    }
    return selected;
  }
}
