import type { AssociationEnd, EndEvent } from '../association-end.ts';
import type { DataSending } from '../wire/wire-record.ts';
import { isAfter } from '../wire/tsn.ts';
import { SctpInvariant } from './sctp-invariant.ts';

const lastFragmentBit = 1;

/**
 * When an association goes down otherwise than in order, exactly those messages are handed back that were not wholly acknowledged, in
 * the order of sending (RFC 9260 section 11.2.5): both delivered and handed back is only what the acknowledgement of which was lost.
 */
export class ReturnedUnacknowledged extends SctpInvariant {
  readonly name = 'returned-unacknowledged';
  /** By message, the TSN of its last fragment. */
  readonly #lastTsns = new Map<number, number>();

  override onDataSent({ newChunks }: DataSending): void {
    for (const { payloadProtocolId, flags, tsn } of newChunks)
      if ((flags & lastFragmentBit) !== 0) this.#lastTsns.set(payloadProtocolId, tsn);
  }

  override onEnd(end: AssociationEnd, event: EndEvent): void {
    if (event.type !== 'down' || event.reason === 'closed') return;
    const cumulativeTsn = this.view.wire.sentBy(end)?.cumulativeTsn;
    const isAcknowledged = (id: number): boolean => {
      const lastTsn = this.#lastTsns.get(id);
      return lastTsn !== undefined && cumulativeTsn !== undefined && !isAfter(lastTsn, cumulativeTsn);
    };
    const expected = this.world.book.sentBy(end).filter(({ id }) => !isAcknowledged(id));
    const returned = event.undelivered.map(({ payloadProtocolId = 0 }) => payloadProtocolId);
    for (let index = 0; index < Math.max(expected.length, returned.length); index += 1) {
      const wanted = expected[index]?.id;
      const got = returned[index];
      if (wanted === got) continue;
      const place = `${end.name} went down (${event.reason}), returned message ${index + 1} of ${returned.length}`;
      this.violated(`${place}: expected ${wanted ?? 'none'} of ${expected.length}, got ${got ?? 'none'}`);
    }
  }
}
