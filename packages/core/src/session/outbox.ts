import type { Message } from '../port/association.ts';

/** Messages that wait for an element to be sent to, oldest first. */
export class Outbox {
  readonly #maxMessages: number;
  readonly #maxBytes: number;
  #messages: Message[] = [];
  /** Index of the oldest: the array is cut only now and then, so that taking one does not move all others. */
  #first = 0;
  #sizeBytes = 0;

  constructor(maxMessages: number, maxBytes: number) {
    this.#maxMessages = maxMessages;
    this.#maxBytes = maxBytes;
  }

  get length(): number {
    return this.#messages.length - this.#first;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** False when there is no room; an empty outbox takes a message of any size. */
  push(message: Message): boolean {
    const sizeBytes = this.#sizeBytes + message.data.length;
    if (this.length > 0 && (this.length >= this.#maxMessages || sizeBytes > this.#maxBytes)) return false;
    this.#messages.push(message);
    this.#sizeBytes = sizeBytes;
    return true;
  }

  /** Puts messages before all others. They were accepted once, so no limit applies. */
  prepend(messages: readonly Message[]): void {
    this.#messages = [...messages, ...this.#messages.slice(this.#first)];
    this.#first = 0;
    for (const message of messages) this.#sizeBytes += message.data.length;
  }

  shift(): Message | undefined {
    const message = this.#messages[this.#first];
    if (message === undefined) return undefined;
    this.#first++;
    this.#sizeBytes -= message.data.length;
    if (this.#first * 2 >= this.#messages.length) {
      this.#messages.splice(0, this.#first);
      this.#first = 0;
    }
    return message;
  }

  /** Empties it. */
  takeAll(): readonly Message[] {
    const messages = this.#messages.slice(this.#first);
    this.#messages = [];
    this.#first = 0;
    this.#sizeBytes = 0;
    return messages;
  }
}
