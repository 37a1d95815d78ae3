import { IndexedHeap } from './indexed-heap.ts';
import { SlotRings } from './slot-rings.ts';

/** How far from its end a place in the ring is looked for. */
const ringReach = 8;

/**
 * Slots (small integers) by value, the lowest first, and by turn among equals: the one that took a turn, or came, longest ago
 * is first.
 *
 * A heap alone would do, but each turn would carry a slot through its levels. Turns mostly come in order, though: where values
 * are equal or grow by equal steps, who takes a turn goes behind all who took one before. So these stand in a ring, sorted by
 * hardly more than their arrival, and taking turns costs the same in a pool of any size. The heap has the others.
 */
export class TurnQueue {
  readonly #heap = new IndexedHeap(); // by (value, turn)
  readonly #ring = new SlotRings(); // sorted by (value, turn) from the head on
  #ringHead = -1;
  readonly #values: number[] = []; // by slot
  readonly #turns: number[] = []; // by slot
  #nextTurn = 0;

  /** The first slot, or -1 where there is none. */
  first(): number {
    const top = this.#heap.first();
    const head = this.#ringHead;
    if (head < 0) return top;
    return top < 0 || !this.#isBefore(top, head) ? head : top;
  }

  /** The first slots, at most `count`. */
  lowest(count: number): number[] {
    const slots: number[] = [];
    let ofHeap: number[] | undefined; // looked for only when the ring does not have them all
    let taken = 0;
    let head = this.#ringHead;
    while (slots.length < count) {
      const top = (ofHeap === undefined ? this.#heap.first() : ofHeap[taken]) ?? -1;
      if (head >= 0 && (top < 0 || !this.#isBefore(top, head))) {
        slots.push(head);
        head = this.#ring.next(head);
        if (head === this.#ringHead) head = -1;
      } else if (top >= 0) {
        ofHeap ??= this.#heap.lowest(count - slots.length);
        slots.push(top);
        taken++;
      } else {
        break;
      }
    }
    return slots;
  }

  /** Value of a slot that is held. */
  value(slot: number): number {
    return this.#values[slot] ?? 0;
  }

  /** Adds a slot that is not held: it comes last among equals. */
  add(slot: number, value: number): void {
    this.#values[slot] = value;
    this.#turns[slot] = this.#nextTurn;
    this.#heap.add(slot, value, this.#nextTurn++);
  }

  /** Changes the value of a slot that is held, in any way; its last turn remains what it was. */
  update(slot: number, value: number): void {
    if (value === this.value(slot)) return;
    this.#values[slot] = value;
    if (this.#heap.has(slot)) {
      this.#heap.update(slot, value, this.#turn(slot));
    } else {
      this.#leaveRing(slot);
      this.#heap.add(slot, value, this.#turn(slot));
    }
  }

  /** Removes a slot that is held. */
  remove(slot: number): void {
    if (this.#heap.has(slot)) this.#heap.remove(slot);
    else this.#leaveRing(slot);
  }

  /**
   * A slot, one of the first, was used, which may change its value. If it `takesTurn`, it is the last among its equals now; if
   * not, its last turn remains what it was.
   */
  use(slot: number, value: number, takesTurn: boolean): void {
    if (takesTurn) this.#turns[slot] = this.#nextTurn++;
    else if (value === this.value(slot)) return;
    this.#values[slot] = value;
    if (!this.#heap.has(slot)) {
      this.#leaveRing(slot);
      if (!this.#enterRing(slot)) this.#heap.add(slot, value, this.#turn(slot));
    } else if (value >= this.#heap.secondMajor() && this.#enterRing(slot)) {
      this.#heap.remove(slot);
    } else {
      this.#heap.update(slot, value, this.#turn(slot));
    }
  }

  /** Puts a slot in its place in the ring where that is near the end. */
  #enterRing(slot: number): boolean {
    let next = this.#ringHead;
    for (let step = 0; step < ringReach && next >= 0; step++) {
      const previous = this.#ring.previous(next);
      if (!this.#isBefore(slot, previous)) {
        this.#ring.insertBefore(next, slot);
        return true;
      }
      next = previous === this.#ringHead ? -1 : previous;
    }
    if (next >= 0) {
      this.#shortenRing();
      return false;
    }
    this.#ring.insertBefore(this.#ringHead, slot); // in front of all, or the only one
    this.#ringHead = slot;
    return true;
  }

  #leaveRing(slot: number): void {
    const next = this.#ring.remove(slot);
    if (slot === this.#ringHead) this.#ringHead = next;
  }

  /** Gives the last one of the ring back to the heap: high values must not keep out the others for long. */
  #shortenRing(): void {
    const last = this.#ring.previous(this.#ringHead);
    this.#leaveRing(last);
    this.#heap.add(last, this.value(last), this.#turn(last));
  }

  #isBefore(a: number, b: number): boolean {
    const [valueA, valueB] = [this.value(a), this.value(b)];
    return valueA < valueB || (valueA === valueB && this.#turn(a) < this.#turn(b));
  }

  #turn(slot: number): number {
    return this.#turns[slot] ?? 0;
  }
}
