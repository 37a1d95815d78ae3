import type { Association, AssociationHandler, Message } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import { checkMessage } from '../check-message.ts';
import { sctpTransportOf } from './sctp-udp-association.ts';

/** An association that cannot even be tried: 'unreachable' in the next turn, with everything handed back. */
export class UnreachableAssociation implements Association {
  readonly local = sctpTransportOf(0, []);
  readonly remote: MessageTransport;
  readonly #maxMessageBytes: number;
  readonly #messages: Message[] = [];
  #isTaking = true;
  #isAborted = false;

  constructor(remote: MessageTransport, handler: AssociationHandler, maxMessageBytes: number) {
    this.remote = remote;
    this.#maxMessageBytes = maxMessageBytes;
    setImmediate(() => {
      this.#isTaking = false;
      handler.onDown(this.#isAborted ? 'aborted' : 'unreachable', this.#messages);
    });
  }

  send(message: Message): boolean {
    checkMessage(message, this.#maxMessageBytes);
    if (this.#isTaking) this.#messages.push(message);
    return true;
  }

  roundTripTimeMs(): undefined {
    return undefined;
  }

  pause(): void {
    // Nothing comes.
  }

  resume(): void {
    // Nothing comes.
  }

  close(): void {
    this.#isTaking = false;
  }

  abort(): void {
    this.#isTaking = false;
    this.#isAborted = true;
  }
}
