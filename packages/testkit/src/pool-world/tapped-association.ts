import type { Association, Message } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';

/** An association that shows the messages that are sent on it. */
export class TappedAssociation implements Association {
  readonly #association: Association;
  readonly #onSent: (to: MessageTransport, message: Message) => void;

  constructor(association: Association, onSent: (to: MessageTransport, message: Message) => void) {
    this.#association = association;
    this.#onSent = onSent;
  }

  get remote(): MessageTransport {
    return this.#association.remote;
  }

  get local(): MessageTransport {
    return this.#association.local;
  }

  send(message: Message): boolean {
    this.#onSent(this.remote, message);
    return this.#association.send(message);
  }

  roundTripTimeMs(): number | undefined {
    return this.#association.roundTripTimeMs();
  }

  pause(): void {
    this.#association.pause();
  }

  resume(): void {
    this.#association.resume();
  }

  close(): void {
    this.#association.close();
  }

  abort(): void {
    this.#association.abort();
  }
}
