import type { AssociationEnd } from '../association-end.ts';
import type { DataSending } from '../wire/wire-record.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/** An event releases no more than Max.Burst packets with new DATA (RFC 9260 section 6.1, rule D); a packet may bring a SHUTDOWN and a SACK chunk, which are two; and a Fast Retransmit, which is one more. */
export class BurstLimit extends SctpInvariant {
  readonly name = 'burst-limit';
  readonly #counts = new Map<AssociationEnd, number>();

  override onDataSent({ end, newChunks }: DataSending): void {
    if (newChunks.length === 0) return;
    const count = (this.#counts.get(end) ?? 0) + 1;
    this.#counts.set(end, count);
    const limit = 2 * end.parameters.maxBurstPackets + 1;
    if (count > limit)
      this.violated(
        `${end.name} sends ${count} packets at once, Max.Burst is ${end.parameters.maxBurstPackets}`,
      );
  }

  override afterEvent(): void {
    if (this.#counts.size > 0) this.#counts.clear();
  }
}
