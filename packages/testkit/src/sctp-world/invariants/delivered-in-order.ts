import type { AssociationEnd, EndEvent } from '../association-end.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/** The ordered messages of a stream are delivered in the order of sending, none left out (RFC 9260 section 6.6). */
export class DeliveredInOrder extends SctpInvariant {
  readonly name = 'delivered-in-order';
  /** By receiving end and stream. */
  readonly #positions = new WeakMap<AssociationEnd, Map<number, number>>();

  override onEnd(end: AssociationEnd, event: EndEvent): void {
    if (event.type !== 'delivered' || event.message.unordered) return;
    const message = this.world.book.get(event.message.payloadProtocolId);
    if (message === undefined) return;
    let positions = this.#positions.get(end);
    if (positions === undefined) this.#positions.set(end, (positions = new Map<number, number>()));
    const expected = (positions.get(message.streamId) ?? -1) + 1;
    if (message.position !== expected) {
      const got = `number ${message.position} (message ${message.id})`;
      this.violated(`${end.name}, stream ${message.streamId}: expected number ${expected}, got ${got}`);
    }
    positions.set(message.streamId, expected);
  }
}
