/** What tells the source of an {@link IncomingQueue} to stop and to go on. */
export interface Flow {
  pause(): void;
  resume(): void;
}

interface Waiting<T> {
  resolve(result: IteratorResult<T, undefined>): void;
  reject(error: Error): void;
}

/**
 * What has arrived and waits for the application to iterate over it. A slow application pauses the source at `highWater` and resumes
 * it at half of that, so the queue stays bounded. Leaving a loop over it ends nothing: the next loop goes on.
 */
export class IncomingQueue<T> implements AsyncIterableIterator<T> {
  #items: T[] = [];
  /** Items before this one have been taken. */
  #first = 0;
  #cost = 0;
  readonly #waiting: Waiting<T>[] = [];
  readonly #costOf: (item: T) => number;
  readonly #highWater: number;
  readonly #flow: Flow;
  #paused = false;
  #ended = false;
  #error: Error | undefined;

  constructor(options: { costOf: (item: T) => number; highWater: number; flow: Flow }) {
    this.#costOf = options.costOf;
    this.#highWater = options.highWater;
    this.#flow = options.flow;
  }

  push(item: T): void {
    if (this.#ended) return;
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) {
      waiting.resolve({ done: false, value: item });
      return;
    }
    this.#items.push(item);
    this.#cost += this.#costOf(item);
    if (this.#paused || this.#cost < this.#highWater) return;
    this.#paused = true;
    this.#flow.pause();
  }

  /** Ends the iteration after what is queued; with an error, by throwing it. */
  end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    for (const waiting of this.#waiting.splice(0)) {
      if (error === undefined) waiting.resolve({ done: true, value: undefined });
      else waiting.reject(error);
    }
  }

  next(): Promise<IteratorResult<T, undefined>> {
    const item = this.#items[this.#first];
    if (item !== undefined) {
      this.#taken(item);
      return Promise.resolve({ done: false, value: item });
    }
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #taken(item: T): void {
    this.#first += 1;
    this.#cost -= this.#costOf(item);
    // Shortened only when half of it is empty: linear over all.
    if (2 * this.#first >= this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    if (!this.#paused || this.#cost > this.#highWater / 2) return;
    this.#paused = false;
    this.#flow.resume();
  }
}
