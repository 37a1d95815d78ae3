import type { AssociationEnd } from '../association-end.ts';
import type { DataSending } from '../wire/wire-record.ts';
import { SctpInvariant } from './sctp-invariant.ts';

/**
 * Before a packet with DATA is sent, less than the congestion window is in flight on its path, so that at most one packet exceeds it (RFC 9260
 * section 6.1, rule B). One packet of a Fast Retransmit goes all the same (section 7.2.4). What is in flight counts at least what was just sent.
 */
export class CongestionWindow extends SctpInvariant {
  readonly name = 'congestion-window';
  /** Those that have sent in this event. */
  readonly #haveSent = new Set<AssociationEnd>();

  override onDataSent({ end, packet, path, newChunks }: DataSending): void {
    if (path === undefined) this.violated(`${end.name} sends DATA to an address that is not on a path`);
    const sizeBytes = packet.data.reduce((sum, data) => sum + data.sizeBytes, 0);
    const flightBytes = path.flightBytes - sizeBytes;
    const { congestionWindowBytes: windowBytes, address } = path;
    if (flightBytes < 0)
      this.violated(
        `${end.name} has ${path.flightBytes} bytes in flight to ${address}, but sends ${sizeBytes}`,
      );
    const mayBeFastRetransmission = newChunks.length === 0 && !this.#haveSent.has(end);
    this.#haveSent.add(end);
    if (flightBytes >= windowBytes && !mayBeFastRetransmission)
      this.violated(
        `${end.name} sends to ${address}, where ${flightBytes} bytes are in flight, window ${windowBytes}`,
      );
  }

  override afterEvent(): void {
    this.#haveSent.clear();
  }
}
