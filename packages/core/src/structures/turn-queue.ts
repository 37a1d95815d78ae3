import { IndexedHeap } from './indexed-heap.ts';
import { SlotRings } from './slot-rings.ts';

/**
 * Slots (small integers) by value, the lowest first, and by turn among equals: the one that took a turn, or came, longest ago
 * is first.
 *
 * A heap alone would do, but each turn would carry a slot through its levels. Turns mostly come in order, though: where values
 * are equal or grow by equal steps, who takes a turn goes behind all who took one before. So these stand in a ring, sorted by
 * nothing but their arrival, and taking turns costs the same in a pool of any size. The heap has the others.
 */
export class TurnQueue {
  private readonly heap = new IndexedHeap(); // by (value, turn)
  private readonly ring = new SlotRings(); // sorted by (value, turn) from the head on
  private ringHead = -1;
  private readonly values: number[] = []; // by slot
  private readonly turns: number[] = []; // by slot
  private nextTurn = 0;

  /** The first slot, or -1 where there is none. */
  first(): number {
    const top = this.heap.first();
    const head = this.ringHead;
    if (head < 0) return top;
    return top < 0 || !this.isBefore(top, head) ? head : top;
  }

  /** The first slots, at most `count`. */
  lowest(count: number): number[] {
    const slots: number[] = [];
    const ofHeap = this.heap.lowest(count);
    let taken = 0;
    let head = this.ringHead;
    while (slots.length < count) {
      const top = ofHeap[taken];
      if (head >= 0 && (top === undefined || !this.isBefore(top, head))) {
        slots.push(head);
        head = this.ring.next(head);
        if (head === this.ringHead) head = -1;
      } else if (top !== undefined) {
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
    return this.values[slot] ?? 0;
  }

  /** Adds a slot that is not held: it comes last among equals. */
  add(slot: number, value: number): void {
    this.values[slot] = value;
    this.turns[slot] = this.nextTurn;
    this.heap.add(slot, value, this.nextTurn++);
  }

  /** Changes the value of a slot that is held; its last turn remains what it was. */
  update(slot: number, value: number): void {
    if (value === this.value(slot)) return;
    this.values[slot] = value;
    if (this.heap.has(slot)) {
      this.heap.update(slot, value, this.turn(slot));
    } else {
      this.leaveRing(slot);
      this.heap.add(slot, value, this.turn(slot));
    }
  }

  /** Removes a slot that is held. */
  remove(slot: number): void {
    if (this.heap.has(slot)) this.heap.remove(slot);
    else this.leaveRing(slot);
  }

  /** A slot that is held takes a turn, which may change its value: it is the last among its equals now. */
  takeTurn(slot: number, value: number): void {
    const turn = this.nextTurn++;
    this.values[slot] = value;
    this.turns[slot] = turn;
    if (!this.heap.has(slot)) {
      this.leaveRing(slot);
      if (this.ringTakes(value)) this.enterRing(slot);
      else this.heap.add(slot, value, turn);
    } else if (value >= this.heap.secondMajor() && this.ringTakes(value)) {
      this.heap.remove(slot);
      this.enterRing(slot);
    } else {
      this.heap.update(slot, value, turn);
    }
  }

  private enterRing(slot: number): void {
    this.ring.insertBefore(this.ringHead, slot);
    if (this.ringHead < 0) this.ringHead = slot;
  }

  private leaveRing(slot: number): void {
    const next = this.ring.remove(slot);
    if (slot === this.ringHead) this.ringHead = next;
  }

  /**
   * Whether a slot of this value, which takes a turn, belongs at the end of the ring. If not, the last one of the ring goes
   * back to the heap: it must not keep out the others for long.
   */
  private ringTakes(value: number): boolean {
    if (this.ringHead < 0) return true;
    const last = this.ring.previous(this.ringHead);
    if (value >= this.value(last)) return true;
    this.leaveRing(last);
    this.heap.add(last, this.value(last), this.turn(last));
    return false;
  }

  /** Whether a slot of the heap comes before a slot of the ring. */
  private isBefore(ofHeap: number, ofRing: number): boolean {
    const value = this.value(ofHeap);
    const ringValue = this.value(ofRing);
    return value < ringValue || (value === ringValue && this.turn(ofHeap) < this.turn(ofRing));
  }

  private turn(slot: number): number {
    return this.turns[slot] ?? 0;
  }
}
