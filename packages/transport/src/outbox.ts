import type { Message } from '@rserpool/core';
import { messageOverheadBytes } from './limits.ts';

/**
 * The messages of an association that its peer has not acknowledged, oldest first: those on their way, then those not yet
 * sent. They are retained to be handed back when the association is lost; their bytes count for backpressure.
 */
export class Outbox {
  /** Messages before `first` are acknowledged, before `unsent` sent. */
  #messages: (Message | undefined)[] = [];
  #first = 0;
  #unsent = 0;
  /** The size of what is retained: message bytes and 64 for each. */
  bytes = 0;

  get sentCount(): number {
    return this.#unsent - this.#first;
  }

  get unsentCount(): number {
    return this.#messages.length - this.#unsent;
  }

  add(message: Message): void {
    this.#messages.push(message);
    this.bytes += costBytes(message);
  }

  /** The oldest message that was not sent. */
  get nextUnsent(): Message | undefined {
    return this.#messages[this.#unsent];
  }

  /** nextUnsent is on its way. */
  markSent(): void {
    this.#unsent += 1;
  }

  /** The peer has the oldest `count` messages; at most sentCount. */
  acknowledge(count: number): void {
    for (let left = count; left > 0; left -= 1) {
      const message = this.#messages[this.#first];
      if (message !== undefined) this.bytes -= costBytes(message);
      this.#messages[this.#first] = undefined;
      this.#first += 1;
    }
    // Shortened only when half of it is empty: linear over all.
    if (2 * this.#first < this.#messages.length) return;
    this.#messages = this.#messages.slice(this.#first);
    this.#unsent -= this.#first;
    this.#first = 0;
  }

  /** All that is not acknowledged, oldest first. */
  undelivered(): readonly Message[] {
    return this.#messages.slice(this.#first).filter((message) => message !== undefined);
  }
}

function costBytes(message: Message): number {
  return message.data.length + messageOverheadBytes;
}
