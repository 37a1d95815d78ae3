import type { AssociationEnd, EndEvent } from '../association-end.ts';
import { MessageBook } from '../message-book.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/** What is delivered was sent so by the other end: bytes, stream, order, payload protocol identifier. */
export class DeliveredIntact extends SctpInvariant {
  readonly name = 'delivered-intact';

  override onEnd(end: AssociationEnd, event: EndEvent): void {
    if (event.type !== 'delivered') return;
    const { message: received } = event;
    const message = this.world.book.get(received.payloadProtocolId);
    if (message === undefined)
      this.violated(`${end.name} was given message ${received.payloadProtocolId}, which nobody sent`);
    const { association } = message.sender;
    if (
      association.remoteTag !== end.association.localTag ||
      association.localTag !== end.association.remoteTag
    )
      this.violated(
        `${end.name} was given message ${message.id} of ${message.sender.name}, which is not its peer`,
      );
    if (MessageBook.isIntact(message, received)) return;
    const sent = `${message.data.length} bytes in stream ${message.streamId}, unordered ${message.unordered}`;
    const got = `${received.data.length} bytes in stream ${received.streamId}, unordered ${received.unordered}`;
    this.violated(`message ${message.id} to ${end.name} was changed: sent ${sent}, delivered ${got}`);
  }
}
