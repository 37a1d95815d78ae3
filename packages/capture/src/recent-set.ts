/**
 * A set that remembers at least the last `capacity` values and at most twice as many: what is older than that is forgotten a
 * generation at a time.
 */
export class RecentSet<T> {
  readonly #capacity: number;
  #current = new Set<T>();
  #previous = new Set<T>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Adds a value; returns false if it is remembered already. */
  add(value: T): boolean {
    if (this.#current.has(value) || this.#previous.has(value)) return false;
    if (this.#current.size >= this.#capacity) {
      this.#previous = this.#current;
      this.#current = new Set();
    }
    this.#current.add(value);
    return true;
  }
}
