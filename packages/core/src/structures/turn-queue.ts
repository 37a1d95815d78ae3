import { IndexedHeap } from './indexed-heap.ts';
import { SlotRings } from './slot-rings.ts';

/**
 * Slots (small integers) by value, the lowest first, and by turn among equals: the one that took a turn, or came, longest ago
 * is first.
 *
 * A heap alone would do, but where many values are equal each turn would carry a slot through all its levels. So slots of the
 * lowest value that have had a turn stand in a ring, in the order of their turns, as long as there are equals: taking turns
 * then costs the same in a pool of any size.
 */
export class TurnQueue {
  private readonly heap = new IndexedHeap(); // by (value, turn)
  private readonly ring = new SlotRings();
  private ringHead = -1;
  private ringValue = 0;
  private readonly turns: number[] = []; // by slot
  private nextTurn = 0;

  /** The first slot, or -1 where there is none. */
  first(): number {
    const top = this.heap.first();
    if (this.ringHead < 0) return top;
    if (top < 0) return this.ringHead;
    const topValue = this.heap.major(top);
    if (topValue !== this.ringValue) return topValue < this.ringValue ? top : this.ringHead;
    return this.heap.minor(top) < this.turn(this.ringHead) ? top : this.ringHead;
  }

  /** Value of a slot that is held. */
  value(slot: number): number {
    return this.heap.has(slot) ? this.heap.major(slot) : this.ringValue;
  }

  /** Adds a slot that is not held: it comes last among equals. */
  add(slot: number, value: number): void {
    this.turns[slot] = this.nextTurn;
    this.heap.add(slot, value, this.nextTurn++);
  }

  /** Adds a slot that was removed, with the turn that it had. */
  restore(slot: number, value: number): void {
    this.heap.add(slot, value, this.turn(slot));
  }

  /** Changes the value of a slot that is held; its last turn remains what it was. */
  update(slot: number, value: number): void {
    if (this.heap.has(slot)) {
      this.heap.update(slot, value, this.turn(slot));
    } else if (value !== this.ringValue) {
      this.remove(slot);
      this.restore(slot, value);
    }
  }

  /** Removes a slot that is held. */
  remove(slot: number): void {
    if (this.heap.has(slot)) {
      this.heap.remove(slot);
    } else {
      const next = this.ring.remove(slot);
      if (slot === this.ringHead) this.ringHead = next;
    }
  }

  /** The first slot takes a turn, which may change its value: it is the last among its equals now. */
  takeTurn(slot: number, value: number): void {
    const turn = this.nextTurn++;
    this.turns[slot] = turn;
    if (slot === this.ringHead) {
      if (value === this.ringValue) {
        this.ringHead = this.ring.next(slot); // so the slot is at the end
      } else {
        this.remove(slot);
        this.heap.add(slot, value, turn);
      }
    } else if (value === this.heap.secondMajor() && this.ringTakes(value)) {
      this.heap.remove(slot);
      this.ring.insertBefore(this.ringHead, slot);
      if (this.ringHead < 0) this.ringHead = slot;
      this.ringValue = value;
    } else {
      this.heap.update(slot, value, turn);
    }
  }

  /** Whether the ring is for this value. One that is for another value loses a slot at each question, so that it ends. */
  private ringTakes(value: number): boolean {
    if (this.ringHead >= 0 && this.ringValue !== value) {
      const slot = this.ringHead;
      this.remove(slot);
      this.restore(slot, this.ringValue);
    }
    return this.ringHead < 0 || this.ringValue === value;
  }

  private turn(slot: number): number {
    return this.turns[slot] ?? 0;
  }
}
