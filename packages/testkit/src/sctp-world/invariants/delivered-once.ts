import type { AssociationEnd, EndEvent } from '../association-end.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/**
 * No message is delivered twice. (But a COOKIE ECHO that the network held back may make an association a second time after its end, and what
 * the network held back as well is then new to it: RFC 9260 has nothing against that but the life of cookies.)
 */
export class DeliveredOnce extends SctpInvariant {
  readonly name = 'delivered-once';

  override onEnd(end: AssociationEnd, event: EndEvent): void {
    if (event.type !== 'delivered') return;
    const id = event.message.payloadProtocolId;
    const receiver = this.world.book.get(id)?.receiver;
    if (receiver === undefined || this.#isMadeAgain(end, receiver)) return;
    this.violated(`message ${id} was delivered to ${end.name}, which ${receiver.name} had before`);
  }

  #isMadeAgain(end: AssociationEnd, receiver: AssociationEnd): boolean {
    return end !== receiver && end.association.localTag === receiver.association.localTag;
  }
}
