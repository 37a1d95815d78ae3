import type { Arrival } from './arrival.ts';

/**
 * What was sent to one end of a connection in one stream and has not reached its owner, in order. Each has an arrival
 * scheduled; an arrival lets the oldest out, so that varying delays do not change the order. One that is missing (lost and
 * to be sent again, or overtaken) stops those behind it until it arrives itself.
 */
export class StreamInbox<M> {
  #queue: Arrival<M>[] = [];
  #head = 0;
  /** Arrivals that have not let anything out, since the oldest is missing. */
  #owed = 0;

  get isEmpty(): boolean {
    return this.#head === this.#queue.length;
  }

  /** Whether something can be taken. */
  get isReady(): boolean {
    return this.#owed > 0 && this.#queue[this.#head]?.isMissing === false;
  }

  push(arrival: Arrival<M>): void {
    this.#queue.push(arrival);
  }

  /** One more may be let out. */
  allowOne(): void {
    this.#owed++;
  }

  /** Lets the oldest out, if an arrival allows it and it is not missing. */
  take(): Arrival<M> | undefined {
    if (this.#owed === 0) return undefined;
    const first = this.#queue[this.#head];
    if (first === undefined || first.isMissing) return undefined;
    this.#owed--;
    this.#head++;
    if (this.#head === this.#queue.length) {
      this.#queue.length = 0;
      this.#head = 0;
    } else if (this.#head > 32 && 2 * this.#head > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    return first;
  }

  /** Gives up. @returns what was in it */
  clear(): Arrival<M>[] {
    const left = this.#queue.slice(this.#head);
    this.#queue = [];
    this.#head = 0;
    this.#owed = 0;
    return left;
  }
}
