/**
 * Circular lists of slots (small integers); a slot is in at most one of them. A ring is known by any of its slots, usually
 * the one that its owner calls the head.
 */
export class SlotRings {
  #links = new Int32Array(8); // next and previous of each slot, side by side

  /** The slot after this one; itself where it is alone. */
  next(slot: number): number {
    return this.#links[2 * slot] ?? slot;
  }

  /** The slot before this one; of the head, that is the last one. */
  previous(slot: number): number {
    return this.#links[2 * slot + 1] ?? slot;
  }

  /** Inserts a slot before another one, that is at the end of the ring whose head that is; -1 starts a ring of its own. */
  insertBefore(head: number, slot: number): void {
    if (2 * slot >= this.#links.length) this.#grow(slot);
    const after = head < 0 ? slot : head;
    const before = head < 0 ? slot : this.previous(head);
    this.#links[2 * slot] = after;
    this.#links[2 * slot + 1] = before;
    this.#links[2 * before] = slot;
    this.#links[2 * after + 1] = slot;
  }

  /** Takes a slot out of its ring; returns the slot that came after it, or -1 where it was alone. */
  remove(slot: number): number {
    const after = this.next(slot);
    if (after === slot) return -1;
    const before = this.previous(slot);
    this.#links[2 * before] = after;
    this.#links[2 * after + 1] = before;
    return after;
  }

  #grow(slot: number): void {
    const links = new Int32Array(Math.max(2 * slot + 2, 2 * this.#links.length));
    links.set(this.#links);
    this.#links = links;
  }
}
