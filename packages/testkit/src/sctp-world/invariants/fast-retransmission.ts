import type { AssociationEnd } from '../association-end.ts';
import type { SctpProcess } from '../sctp-process.ts';
import type { DataSending } from '../wire/wire-record.ts';
import { isAfter } from '../wire/tsn.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/** The third report that a TSN is missing makes its sender send again at once, outside of Fast Recovery (RFC 9260 section 7.2.4). */
export class FastRetransmission extends SctpInvariant {
  readonly name = 'fast-retransmission';
  #due: { readonly end: AssociationEnd; readonly tsn: number } | undefined;

  override onFastRetransmissionDue(end: AssociationEnd, tsn: number): void {
    this.#due = { end, tsn };
  }

  override onDataSent({ end, packet, newChunks }: DataSending): void {
    const due = this.#due;
    if (due?.end !== end || newChunks.length === packet.data.length) return;
    if (packet.data.some(({ tsn }) => !isAfter(tsn, due.tsn))) this.#due = undefined;
  }

  override afterEvent(process: SctpProcess): void {
    const due = this.#due;
    if (due?.end.process !== process) return;
    this.#due = undefined;
    if (!due.end.isAlive || due.end.association.state === 'closed') return;
    this.violated(
      `${due.end.name} does not send TSN ${due.tsn} again, of which three SACK chunks tell that it is missing`,
    );
  }
}
