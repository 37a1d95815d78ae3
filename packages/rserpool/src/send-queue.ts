import type { Message, SendResult } from '@rserpool/core';
import { ErrorCode, RSerPoolError } from './rserpool-error.ts';

interface Waiting {
  /** Undefined when it was taken already and only waits for room. */
  readonly message: Message | undefined;
  resolve(): void;
  reject(error: RSerPoolError): void;
}

/** Turns an engine's "taken", "wait" and "refused" into promises that resolve when there is room for more, in order. */
export class SendQueue {
  readonly #trySend: (message: Message) => SendResult;
  #waiting: Waiting[] = [];
  #end: RSerPoolError | undefined;

  constructor(trySend: (message: Message) => SendResult) {
    this.#trySend = trySend;
  }

  send(message: Message): Promise<void> {
    if (this.#end !== undefined) return Promise.reject(this.#end);
    const waitFor = (left: Message | undefined): Promise<void> =>
      new Promise((resolve, reject) => this.#waiting.push({ message: left, resolve, reject }));
    if (this.#waiting.some((waiting) => waiting.message !== undefined)) return waitFor(message);
    switch (this.#trySend(message)) {
      case 'sent':
        return Promise.resolve();
      case 'wait':
        return waitFor(undefined);
      case 'refused':
        return waitFor(message);
    }
  }

  onWritable(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const [index, next] of waiting.entries()) {
      const result = next.message === undefined ? 'sent' : this.#trySend(next.message);
      if (result === 'refused') {
        this.#waiting = waiting.slice(index);
        return;
      }
      if (result === 'sent') next.resolve();
      else this.#waiting.push({ ...next, message: undefined });
    }
  }

  /** No more can be sent; what was not taken fails. */
  end(error: RSerPoolError = new RSerPoolError(ErrorCode.closed, 'the session is over')): void {
    this.#end = error;
    for (const waiting of this.#waiting.splice(0)) {
      if (waiting.message === undefined) waiting.resolve();
      else waiting.reject(error);
    }
  }
}
