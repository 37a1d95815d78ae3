import type { AssociationEnd } from '../association-end.ts';
import type { Passage } from '../packet-network.ts';
import type { SctpProcess } from '../sctp-process.ts';
import type { SeenSack } from '../wire/seen-packet.ts';
import { isAfter, plus } from '../wire/tsn.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/** SACK and SHUTDOWN chunks acknowledge only what has arrived, in gap blocks that are in order, and offer no more window than there is. */
export class AcknowledgedWasReceived extends SctpInvariant {
  readonly name = 'acknowledged-was-received';

  override onPacketSent(by: SctpProcess | undefined, { packet }: Passage): void {
    if (by === undefined) return;
    const { sack, shutdownTsn, verificationTag } = packet;
    if (sack === undefined && shutdownTsn === undefined) return;
    const end = by.endSendingWith(verificationTag);
    if (end === undefined) return;
    if (sack !== undefined) this.#checkSack(end, sack);
    if (shutdownTsn !== undefined) this.#checkCumulative(end, shutdownTsn);
  }

  #checkSack(end: AssociationEnd, sack: SeenSack): void {
    this.#checkCumulative(end, sack.cumulativeTsn);
    const limitBytes = end.process.options.endpoint.limits?.receiveWindowBytes ?? Infinity;
    if (sack.windowBytes > limitBytes)
      this.violated(`${end.name} offers a window of ${sack.windowBytes} bytes, it has ${limitBytes}`);
    const arrived = this.view.wire.arrivedAt(end.process, end.association.localTag);
    let before = 0;
    for (const [first, last] of sack.gaps) {
      if (first < before + 2 || last < first)
        this.violated(`${end.name} reports gap block ${first}-${last} after ${before}`);
      before = last;
      for (let offset = first; offset <= last; offset += 1) {
        const tsn = plus(sack.cumulativeTsn, offset);
        if (!arrived.has(tsn) && isAfter(tsn, this.#cumulativeTsn(end)))
          this.violated(`${end.name} reports TSN ${tsn} in a gap block, which has not arrived`);
      }
    }
  }

  #checkCumulative(end: AssociationEnd, tsn: number): void {
    const arrived = this.#cumulativeTsn(end);
    if (isAfter(tsn, arrived))
      this.violated(`${end.name} acknowledges up to TSN ${tsn}, ${arrived} has arrived`);
  }

  #cumulativeTsn(end: AssociationEnd): number {
    const { localTag, remoteTag } = end.association;
    const { wire } = this.view;
    const initialTsn = wire.initOf(remoteTag)?.initialTsn;
    if (initialTsn === undefined) this.violated(`${end.name} acknowledges DATA of a peer without INIT`);
    return wire.arrivedAt(end.process, localTag).cumulativeTsn(initialTsn);
  }
}
