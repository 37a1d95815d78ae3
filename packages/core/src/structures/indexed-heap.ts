/**
 * A binary heap of slots (small integers), the lowest key first, with the position of each slot known, so that any key can be
 * changed or removed in O(log n). A key is a pair: major, then minor; equal pairs are ordered by slot.
 *
 * Keys lie in the order of positions, so that children are compared without looking up their slots. Indices are always in
 * range; `?? 0` is for the compiler, the engine drops it.
 */
export class IndexedHeap {
  /** Number of slots held. */
  size = 0;
  // The first arrays are small enough for the engine to keep them on its own heap: most pools are small.
  #keys = new Float64Array(8); // major, minor of each position
  #slots = new Int32Array(4); // slot at each position
  #positions = new Int32Array(4).fill(-1); // position of each slot, -1 where it is not held

  /** The slot with the lowest key, or -1 where there is none. */
  first(): number {
    return this.size === 0 ? -1 : (this.#slots[0] ?? -1);
  }

  /** Whether the slot is held. */
  has(slot: number): boolean {
    return slot < this.#positions.length && (this.#positions[slot] ?? -1) >= 0;
  }

  /** The major key of a slot that is held. */
  major(slot: number): number {
    return this.#keys[2 * (this.#positions[slot] ?? 0)] ?? 0;
  }

  /** The minor key of a slot that is held. */
  minor(slot: number): number {
    return this.#keys[2 * (this.#positions[slot] ?? 0) + 1] ?? 0;
  }

  /** The second lowest major key, or Infinity where fewer than two slots are held. */
  secondMajor(): number {
    if (this.size < 2) return Infinity;
    const left = this.#keys[2] ?? 0;
    return this.size === 2 ? left : Math.min(left, this.#keys[4] ?? 0);
  }

  /**
   * The slots with the lowest keys, at most `count`, the lowest first. Meant for a few: the time that it takes depends on the
   * square of `count`, but not on `size`.
   */
  lowest(count: number): number[] {
    const found: number[] = [];
    const frontier: number[] = this.size > 0 ? [0] : []; // positions whose parents were found, the lowest key last
    while (found.length < count) {
      const position = frontier.pop();
      if (position === undefined) break;
      found.push(this.#slots[position] ?? 0);
      if (2 * position + 1 < this.size) this.#insertSorted(frontier, 2 * position + 1);
      if (2 * position + 2 < this.size) this.#insertSorted(frontier, 2 * position + 2);
    }
    return found;
  }

  /** Inserts a slot that is not held. */
  add(slot: number, major: number, minor: number): void {
    if (this.size === this.#slots.length) this.#growPositions();
    if (slot >= this.#positions.length) this.#growSlots(slot);
    this.#rise(this.size++, slot, major, minor);
  }

  /** Changes the key of a slot that is held. */
  update(slot: number, major: number, minor: number): void {
    this.#settle(this.#positions[slot] ?? 0, slot, major, minor);
  }

  /** Removes a slot that is held. */
  remove(slot: number): void {
    const position = this.#positions[slot] ?? 0;
    this.#positions[slot] = -1;
    const last = --this.size;
    if (position === last) return;
    this.#settle(position, this.#slots[last] ?? 0, this.#keys[2 * last] ?? 0, this.#keys[2 * last + 1] ?? 0);
  }

  #insertSorted(frontier: number[], position: number): void {
    const major = this.#keys[2 * position] ?? 0;
    const minor = this.#keys[2 * position + 1] ?? 0;
    const slot = this.#slots[position] ?? 0;
    let index = frontier.length;
    for (; index > 0; index--) {
      const other = frontier[index - 1] ?? 0;
      const otherMajor = this.#keys[2 * other] ?? 0;
      if (major < otherMajor || (major === otherMajor && this.#isTieBefore(minor, slot, other))) break;
      frontier[index] = other;
    }
    frontier[index] = position;
  }

  /** Puts a slot at a position or wherever above or below its key belongs. */
  #settle(from: number, slot: number, major: number, minor: number): void {
    const parent = (from - 1) >> 1;
    const keys = this.#keys;
    const slots = this.#slots;
    if (
      from > 0 &&
      isBefore(major, minor, slot, keys[2 * parent] ?? 0, keys[2 * parent + 1] ?? 0, slots[parent] ?? 0)
    ) {
      this.#rise(from, slot, major, minor);
    } else {
      this.#sink(from, slot, major, minor);
    }
  }

  #rise(from: number, slot: number, major: number, minor: number): void {
    const keys = this.#keys;
    const slots = this.#slots;
    const positions = this.#positions;
    let position = from;
    while (position > 0) {
      const parent = (position - 1) >> 1;
      const parentMajor = keys[2 * parent] ?? 0;
      if (parentMajor < major || (parentMajor === major && !this.#isTieBefore(minor, slot, parent))) break;
      const parentSlot = slots[parent] ?? 0;
      keys[2 * position] = parentMajor;
      keys[2 * position + 1] = keys[2 * parent + 1] ?? 0;
      slots[position] = parentSlot;
      positions[parentSlot] = position;
      position = parent;
    }
    this.#place(position, slot, major, minor);
  }

  #sink(from: number, slot: number, major: number, minor: number): void {
    const keys = this.#keys;
    const slots = this.#slots;
    const positions = this.#positions;
    const { size } = this;
    let position = from;
    for (let child = 2 * position + 1; child < size; child = 2 * position + 1) {
      let childMajor = keys[2 * child] ?? 0;
      if (child + 1 < size) {
        const right = child + 1;
        const rightMajor = keys[2 * right] ?? 0;
        if (
          rightMajor < childMajor ||
          (rightMajor === childMajor && this.#isTieBefore(keys[2 * right + 1] ?? 0, slots[right] ?? 0, child))
        ) {
          child = right;
          childMajor = rightMajor;
        }
      }
      if (major < childMajor || (major === childMajor && this.#isTieBefore(minor, slot, child))) break;
      const childSlot = slots[child] ?? 0;
      keys[2 * position] = childMajor;
      keys[2 * position + 1] = keys[2 * child + 1] ?? 0;
      slots[position] = childSlot;
      positions[childSlot] = position;
      position = child;
    }
    this.#place(position, slot, major, minor);
  }

  /** Whether a key comes before that of a position with the same major key. */
  #isTieBefore(minor: number, slot: number, position: number): boolean {
    const otherMinor = this.#keys[2 * position + 1] ?? 0;
    return minor < otherMinor || (minor === otherMinor && slot < (this.#slots[position] ?? 0));
  }

  #place(position: number, slot: number, major: number, minor: number): void {
    this.#keys[2 * position] = major;
    this.#keys[2 * position + 1] = minor;
    this.#slots[position] = slot;
    this.#positions[slot] = position;
  }

  #growPositions(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    slots.set(this.#slots);
    this.#slots = slots;
    const keys = new Float64Array(2 * this.#keys.length);
    keys.set(this.#keys);
    this.#keys = keys;
  }

  #growSlots(slot: number): void {
    const positions = new Int32Array(Math.max(slot + 1, 2 * this.#positions.length)).fill(-1);
    positions.set(this.#positions);
    this.#positions = positions;
  }
}

function isBefore(
  major: number,
  minor: number,
  slot: number,
  otherMajor: number,
  otherMinor: number,
  otherSlot: number,
): boolean {
  if (major !== otherMajor) return major < otherMajor;
  return minor < otherMinor || (minor === otherMinor && slot < otherSlot);
}
