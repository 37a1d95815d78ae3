import { PolicyType } from '@rserpool/wire';
import type { Host } from '../port/host.ts';
import type { PolicyDefinition, PolicyMember, PolicyOrder } from './policy-definition.ts';
import { randomBelow } from './random-number.ts';

/** Random (RFC 5356 section 4.3.2). */
export const random: PolicyDefinition = {
  name: 'random',
  type: PolicyType.random,
  accepts: (policy) => policy.name === 'random',
  createOrder: <M extends PolicyMember>(host: Host) => new RandomOrder<M>(host),
};

/** Elements without order, each position as likely as any other. */
class RandomOrder<M extends PolicyMember> implements PolicyOrder<M> {
  readonly #host: Host;
  readonly #members: M[] = [];
  readonly #positions: number[] = []; // of each slot in `members`

  constructor(host: Host) {
    this.#host = host;
  }

  add(member: M): void {
    this.#put(this.#members.length, member);
  }

  update(): void {
    // All elements are alike.
  }

  remove(member: M): void {
    const last = this.#members.pop();
    if (last !== undefined && last !== member) this.#put(this.#positions[member.slot] ?? 0, last);
  }

  /** The first steps of a shuffle: what was drawn moves to the front and is not drawn again. */
  select(items: number): M[] {
    const count = Math.min(items, this.#members.length);
    for (let drawn = 0; drawn < count; drawn++) {
      this.#swap(drawn, drawn + randomBelow(this.#host, this.#members.length - drawn));
    }
    return this.#members.slice(0, count);
  }

  #swap(a: number, b: number): void {
    const first = this.#members[a];
    const second = this.#members[b];
    if (first === undefined || second === undefined) return;
    this.#put(a, second);
    this.#put(b, first);
  }

  #put(position: number, member: M): void {
    this.#members[position] = member;
    this.#positions[member.slot] = position;
  }
}
