/**
 * Weights by slot (small integers) in a binary tree of sums: change a weight in O(log n), find the slot under a point of the
 * total in O(log n). Every inner sum is computed anew from its two children, so rounding errors do not grow with use.
 */
export class SumTree {
  #leaves = 4; // a power of two
  #sums = new Float64Array(8); // root at 1, children of i at 2i and 2i + 1, leaves from `leaves` on

  /** Sum of all weights. */
  get total(): number {
    return this.#sums[1] ?? 0;
  }

  /** Weight of a slot; 0 where none was set. */
  weight(slot: number): number {
    return slot < this.#leaves ? (this.#sums[this.#leaves + slot] ?? 0) : 0;
  }

  /** Sets the weight of a slot: a finite number, 0 or more. */
  set(slot: number, weight: number): void {
    while (slot >= this.#leaves) this.#grow();
    const sums = this.#sums;
    let node = this.#leaves + slot;
    sums[node] = weight;
    for (node >>= 1; node >= 1; node >>= 1) sums[node] = (sums[2 * node] ?? 0) + (sums[2 * node + 1] ?? 0);
  }

  /**
   * The slot that covers `point` when the weights lie side by side, 0 <= point < total, total > 0. Never a slot of weight 0,
   * whatever is rounded.
   */
  find(point: number): number {
    const sums = this.#sums;
    let rest = point;
    let node = 1;
    while (node < this.#leaves) {
      node *= 2;
      const left = sums[node] ?? 0;
      if (left > 0 && (rest < left || sums[node + 1] === 0)) continue;
      rest -= left;
      node++;
    }
    return node - this.#leaves;
  }

  #grow(): void {
    const old = this.#sums.subarray(this.#leaves);
    this.#leaves *= 2;
    this.#sums = new Float64Array(2 * this.#leaves);
    this.#sums.set(old, this.#leaves);
    for (let node = this.#leaves - 1; node >= 1; node--) {
      this.#sums[node] = (this.#sums[2 * node] ?? 0) + (this.#sums[2 * node + 1] ?? 0);
    }
  }
}
