/**
 * Circular lists of slots (small integers); a slot is in at most one of them. A ring is known by any of its slots, usually
 * the one that its owner calls the head.
 */
export class SlotRings {
  private nexts = new Int32Array(4);
  private previouses = new Int32Array(4);

  /** The slot after this one; itself where it is alone. */
  next(slot: number): number {
    return this.nexts[slot] ?? slot;
  }

  /** The slot before this one; of the head, that is the last one. */
  previous(slot: number): number {
    return this.previouses[slot] ?? slot;
  }

  /** Inserts a slot before another one, that is at the end of the ring whose head that is; -1 starts a ring of its own. */
  insertBefore(head: number, slot: number): void {
    if (slot >= this.nexts.length) this.grow(slot);
    const after = head < 0 ? slot : head;
    const before = head < 0 ? slot : (this.previouses[head] ?? slot);
    this.nexts[slot] = after;
    this.previouses[slot] = before;
    this.nexts[before] = slot;
    this.previouses[after] = slot;
  }

  /** Takes a slot out of its ring; returns the slot that came after it, or -1 where it was alone. */
  remove(slot: number): number {
    const after = this.nexts[slot] ?? slot;
    if (after === slot) return -1;
    const before = this.previouses[slot] ?? slot;
    this.nexts[before] = after;
    this.previouses[after] = before;
    return after;
  }

  private grow(slot: number): void {
    const length = Math.max(slot + 1, 2 * this.nexts.length);
    const nexts = new Int32Array(length);
    nexts.set(this.nexts);
    this.nexts = nexts;
    const previouses = new Int32Array(length);
    previouses.set(this.previouses);
    this.previouses = previouses;
  }
}
