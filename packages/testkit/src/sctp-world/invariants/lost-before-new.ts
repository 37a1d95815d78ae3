import type { AssociationEnd } from '../association-end.ts';
import type { DataSending } from '../wire/wire-record.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/** What was lost goes before what is new: in a packet, and among the packets of one event (RFC 9260 section 6.1, rule C). */
export class LostBeforeNew extends SctpInvariant {
  readonly name = 'lost-before-new';
  /** Those that have sent something new in this event. */
  readonly #sentNew = new Set<AssociationEnd>();

  override onDataSent({ end, packet, sent }: DataSending): void {
    for (const data of packet.data) {
      if (sent.isNew(data)) this.#sentNew.add(end);
      else if (this.#sentNew.has(end))
        this.violated(`${end.name} sends TSN ${data.tsn} again after something new`);
    }
  }

  override afterEvent(): void {
    if (this.#sentNew.size > 0) this.#sentNew.clear();
  }
}
