/** Which of the messages sent to it a connection's end has given to its owner: what SCTP's selective acknowledgements tell. */
export class Receipts {
  #count = 0;
  readonly #ahead = new Set<number>();

  /** So many from the beginning, without a gap. */
  get count(): number {
    return this.#count;
  }

  /** And these behind the gap. */
  get ahead(): readonly number[] {
    return this.#ahead.size === 0 ? none : [...this.#ahead];
  }

  /** @param number of the message, from 0 in the order of sending */
  note(number: number): void {
    if (number !== this.#count) {
      this.#ahead.add(number);
      return;
    }
    this.#count++;
    while (this.#ahead.delete(this.#count)) this.#count++;
  }
}

const none: readonly number[] = [];
