import { PolicyType } from '@rserpool/wire';
import { IndexedHeap } from '../structures/indexed-heap.ts';
import { SlotRings } from '../structures/slot-rings.ts';
import type { PolicyDefinition, PolicyMember, PolicyOrder } from './policy-definition.ts';
import { weight } from './policy-values.ts';

/** Weighted Round Robin (RFC 5356 section 4.2.2). */
export const weightedRoundRobin: PolicyDefinition = {
  name: 'weighted-round-robin',
  type: PolicyType['weighted-round-robin'],
  accepts: (policy) => policy.name === 'weighted-round-robin',
  createOrder: <M extends PolicyMember>() => new WeightedRoundRobinOrder<M>(),
};

/**
 * All elements of one weight. They take turns like round robin: a pass gives each of them one turn, a round is `weight`
 * passes.
 */
class WeightClass {
  readonly weight: number;
  readonly id: number;
  size = 0;
  head = -1;
  /** Where it is: the round, the pass in this round (0 to weight - 1), and the number of passes that have ended. */
  round: number;
  pass: number;
  endedPasses = 0;
  /** Elements, from the head on, whose turn in this pass is still to come. */
  waiting = 0;
  /** Used in one selection only: elements returned, those of them that count as used, and where the next one is. */
  returned = 0;
  used = 0;
  cursor = -1;

  constructor(weight: number, id: number, round: number, pass: number) {
    this.weight = weight;
    this.id = id;
    this.round = round;
    this.pass = pass;
    if (pass >= weight) this.#startRound();
  }

  /** Entries of a round. */
  entries(): number {
    return this.size * this.weight;
  }

  /** Turns taken in this round. */
  turns(): number {
    return this.pass * this.size + this.size - this.waiting;
  }

  endPass(): void {
    if (this.waiting > 0) return;
    this.waiting = this.size;
    this.endedPasses++;
    this.pass++;
    if (this.pass === this.weight) this.#startRound();
  }

  #startRound(): void {
    this.pass = 0;
    this.round++;
  }
}

/**
 * The circular list of section 4.2.2 without writing it down. An element of weight w stands in it w times, so a class of n
 * elements has n * w entries. Spread evenly over a round, which is the interval from 0 to 1, they are at (turn + 1/2) / (n * w).
 * A heap holds the classes by (round, position) of their next entry; the elements of a class take its entries in turn.
 *
 * So ratios are exact over a round, by counting; the entries of an element are 1 / w apart; and between two of them an element
 * of weight v has at least floor(v / w) and at most ceil(v / w) of its own. An element of weight 0 is not capable of any
 * service (section 3.2) and not in the list.
 */
class WeightedRoundRobinOrder<M extends PolicyMember> implements PolicyOrder<M> {
  readonly #heap = new IndexedHeap(); // class ids by (round, position in the round)
  readonly #classes: (WeightClass | undefined)[] = []; // by id
  readonly #classOfWeight = new Map<number, WeightClass>();
  readonly #freeIds: number[] = [];
  readonly #rings = new SlotRings();
  readonly #members: (M | undefined)[] = [];
  readonly #classOfSlot: (WeightClass | undefined)[] = [];
  readonly #lastPass: number[] = []; // by slot: passes of its class that had ended when it had its last turn
  #round = 0; // of the last turn taken
  #position = 0;

  add(member: M): void {
    this.#members[member.slot] = member;
    this.#enter(member.slot, weight(member.policy), false);
  }

  update(member: M): void {
    const slot = member.slot;
    const newWeight = weight(member.policy);
    const old = this.#classOfSlot[slot];
    if (newWeight === (old?.weight ?? 0)) return;
    // Who has not had its turn is next in the new class: changing weights must not starve an element.
    const isWaiting = old !== undefined && this.#lastPass[slot] !== old.endedPasses;
    this.#leave(slot);
    this.#enter(slot, newWeight, isWaiting);
  }

  remove(member: M): void {
    this.#leave(member.slot);
    this.#members[member.slot] = undefined;
  }

  /** The next entries of the circular list, without the repeated ones. */
  select(items: number, increments = 1): M[] {
    if (items === 1) return this.#selectFirst(increments);
    const selected: M[] = [];
    const touched: WeightClass[] = [];
    while (selected.length < items) {
      const next = this.#classes[this.#heap.first()];
      if (next === undefined) break;
      if (next.returned === 0) {
        touched.push(next);
        next.cursor = next.head;
      }
      const member = this.#members[next.cursor];
      if (member === undefined) break;
      next.cursor = this.#rings.next(next.cursor);
      next.returned++;
      if (selected.length < increments) next.used++;
      selected.push(member);
      if (next.returned === next.size) this.#heap.remove(next.id);
      else this.#place(next);
    }
    for (const weightClass of touched) this.#settle(weightClass);
    return selected;
  }

  /** What {@link select} does for one item. */
  #selectFirst(increments: number): M[] {
    const weightClass = this.#classes[this.#heap.first()];
    if (weightClass === undefined) return [];
    const member = this.#members[weightClass.head];
    if (member === undefined) return [];
    if (increments > 0) {
      this.#takeTurn(weightClass);
      this.#place(weightClass);
    }
    return [member];
  }

  #takeTurn(weightClass: WeightClass): void {
    this.#round = weightClass.round;
    this.#position = (weightClass.turns() + 0.5) / weightClass.entries();
    this.#lastPass[weightClass.head] = weightClass.endedPasses;
    weightClass.head = this.#rings.next(weightClass.head);
    weightClass.waiting--;
    weightClass.endPass();
  }

  /** Ends a selection for a class that took part in it. */
  #settle(weightClass: WeightClass): void {
    for (; weightClass.used > 0; weightClass.used--) this.#takeTurn(weightClass);
    weightClass.returned = 0;
    this.#place(weightClass);
  }

  #enter(slot: number, newWeight: number, first: boolean): void {
    if (newWeight === 0) return;
    const weightClass = this.#classOfWeight.get(newWeight) ?? this.#createClass(newWeight);
    this.#classOfSlot[slot] = weightClass;
    this.#rings.insertBefore(weightClass.head, slot);
    const isWaiting = first || weightClass.waiting === weightClass.size;
    if (first || weightClass.head < 0) weightClass.head = slot;
    this.#lastPass[slot] = isWaiting ? -1 : weightClass.endedPasses;
    weightClass.size++;
    if (isWaiting) weightClass.waiting++;
    this.#place(weightClass);
  }

  #leave(slot: number): void {
    const weightClass = this.#classOfSlot[slot];
    if (weightClass === undefined) return;
    this.#classOfSlot[slot] = undefined;
    const next = this.#rings.remove(slot);
    if (weightClass.head === slot) weightClass.head = next;
    if (this.#lastPass[slot] !== weightClass.endedPasses) weightClass.waiting--;
    if (--weightClass.size === 0) {
      this.#removeClass(weightClass);
    } else {
      weightClass.endPass();
      this.#place(weightClass);
    }
  }

  /** A class that comes in the middle of a round takes part from there on. */
  #createClass(newWeight: number): WeightClass {
    const id = this.#freeIds.pop() ?? this.#classes.length;
    const pass = Math.max(0, Math.ceil(this.#position * newWeight - 0.5));
    const weightClass = new WeightClass(newWeight, id, this.#round, pass);
    this.#classes[id] = weightClass;
    this.#classOfWeight.set(newWeight, weightClass);
    return weightClass;
  }

  #removeClass(weightClass: WeightClass): void {
    this.#heap.remove(weightClass.id);
    this.#classes[weightClass.id] = undefined;
    this.#classOfWeight.delete(weightClass.weight);
    this.#freeIds.push(weightClass.id);
  }

  /** Puts a class where its next entry is, beyond those that the selection under way has returned. */
  #place(weightClass: WeightClass): void {
    const entries = weightClass.entries();
    let round = weightClass.round;
    let turn = weightClass.turns() + weightClass.returned;
    if (turn >= entries) {
      turn -= entries;
      round++;
    }
    const position = (turn + 0.5) / entries;
    if (this.#heap.has(weightClass.id)) this.#heap.update(weightClass.id, round, position);
    else this.#heap.add(weightClass.id, round, position);
  }
}
