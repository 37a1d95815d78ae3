import type { PathStatus } from '@rserpool/sctp';
import type { AssociationEnd } from '../association-end.ts';
import type { SctpProcess } from '../sctp-process.ts';
import type { DataSending } from '../wire/wire-record.ts';
import { SctpInvariant } from './sctp-invariant.ts';

const commonHeaderBytes = 12;

/**
 * Before a packet with DATA is sent, less than the congestion window is in flight on its path, so that at most one packet exceeds it (RFC 9260
 * section 6.1, rule B). One packet of a Fast Retransmit goes all the same (section 7.2.4). What is in flight counts at least what was just sent.
 * The window begins as section 7.2.1 says, and grows by a packet in an event at most.
 */
export class CongestionWindow extends SctpInvariant {
  readonly name = 'congestion-window';
  /** Those that have sent in this event. */
  readonly #haveSent = new Set<AssociationEnd>();
  /** By end and path. */
  readonly #windows = new WeakMap<AssociationEnd, Map<string, number>>();

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

  override afterEvent({ ends }: SctpProcess): void {
    this.#haveSent.clear();
    for (const end of ends) if (end.isAlive) this.#lookAtGrowth(end);
  }

  #lookAtGrowth(end: AssociationEnd): void {
    let windows = this.#windows.get(end);
    if (windows === undefined) this.#windows.set(end, (windows = new Map<string, number>()));
    for (const path of end.association.status().paths) {
      const before = windows.get(path.address);
      const allowed = before === undefined ? initialWindowBytes(path) : grownWindowBytes(before, path);
      if (path.congestionWindowBytes > allowed) {
        const change = before === undefined ? 'begins with' : `grows from ${before} to`;
        this.violated(
          `the window of ${end.name} to ${path.address} ${change} ${path.congestionWindowBytes}, at most ${allowed}`,
        );
      }
      windows.set(path.address, path.congestionWindowBytes);
    }
  }
}

/** PMDCS. */
function maxDataBytes({ maxPacketBytes }: PathStatus): number {
  return maxPacketBytes - commonHeaderBytes;
}

function initialWindowBytes(path: PathStatus): number {
  const packetBytes = maxDataBytes(path);
  return Math.min(4 * packetBytes, Math.max(2 * packetBytes, path.address.includes(':') ? 4_344 : 4_404));
}

/** By a packet; or, as section 7.2.3 has it to the letter, to four packets when a loss is reported. */
function grownWindowBytes(before: number, path: PathStatus): number {
  const packetBytes = maxDataBytes(path);
  return Math.max(before + packetBytes, 4 * packetBytes);
}
