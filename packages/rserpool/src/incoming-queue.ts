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
 * What has arrived and waits for the application to iterate over it. A slow application pauses the source at `highWater` items
 * and resumes it at half of that, so the queue stays bounded by what was already on its way.
 */
export class IncomingQueue<T> implements AsyncIterableIterator<T> {
  readonly #items: T[] = [];
  readonly #waiting: Waiting<T>[] = [];
  readonly #highWater: number;
  readonly #flow: Flow;
  #paused = false;
  #ended = false;
  #error: Error | undefined;

  constructor(highWater: number, flow: Flow) {
    this.#highWater = highWater;
    this.#flow = flow;
  }

  push(item: T): void {
    if (this.#ended) return;
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) {
      waiting.resolve({ done: false, value: item });
      return;
    }
    this.#items.push(item);
    if (!this.#paused && this.#items.length >= this.#highWater) {
      this.#paused = true;
      this.#flow.pause();
    }
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
    const item = this.#items.shift();
    if (item !== undefined) {
      if (this.#paused && this.#items.length <= this.#highWater / 2) {
        this.#paused = false;
        this.#flow.resume();
      }
      return Promise.resolve({ done: false, value: item });
    }
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
