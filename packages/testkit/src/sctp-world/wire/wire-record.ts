import type { AssociationStatus, PathStatus } from '@rserpool/sctp';
import type { AssociationEnd } from '../association-end.ts';
import type { Passage } from '../packet-network.ts';
import type { SctpProcess } from '../sctp-process.ts';
import { ArrivedData } from './arrived-data.ts';
import type { SeenData, SeenInit, SeenPacket } from './seen-packet.ts';
import { SentData } from './sent-data.ts';

/** A packet with DATA chunks that an end has just sent. */
export interface DataSending {
  readonly end: AssociationEnd;
  readonly packet: SeenPacket;
  /** What had been sent before. */
  readonly sent: SentData;
  /** The engine's view, in which this packet is on its way already. */
  readonly status: AssociationStatus;
  /** Of `status`: where the packet goes. */
  readonly path: PathStatus | undefined;
  readonly newChunks: readonly SeenData[];
}

/** What can be known of all associations by listening to the packets that their ends send and receive. */
export class WireRecord {
  /** By initiate tag. */
  readonly #inits = new Map<number, SeenInit>();
  readonly #sent = new Map<AssociationEnd, SentData>();
  /** By process and verification tag: an end is made only by the packet that brings its first DATA. */
  readonly #arrived = new Map<SctpProcess, Map<number, ArrivedData>>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** The INIT or INIT ACK by which somebody has told this tag. */
  initOf(tag: number): SeenInit | undefined {
    return this.#inits.get(tag);
  }

  /** Undefined until the end has sent DATA. */
  sentBy(end: AssociationEnd): SentData | undefined {
    return this.#sent.get(end);
  }

  arrivedAt(process: SctpProcess, localTag: number): ArrivedData {
    let byTag = this.#arrived.get(process);
    if (byTag === undefined) this.#arrived.set(process, (byTag = new Map<number, ArrivedData>()));
    let arrived = byTag.get(localTag);
    if (arrived === undefined) byTag.set(localTag, (arrived = new ArrivedData()));
    return arrived;
  }

  /** @param onData is told before the record notes what was sent */
  packetSent(by: SctpProcess, { to, packet }: Passage, onData: (sending: DataSending) => void): void {
    if (packet.init !== undefined) this.#inits.set(packet.init.initiateTag, packet.init);
    if (packet.data.length === 0) return;
    const end = by.endSendingWith(packet.verificationTag);
    const sent = end === undefined ? undefined : this.#sentOf(end);
    if (end === undefined || sent === undefined) return;
    const status = end.association.status();
    const path = status.paths.find(({ address }) => address === to.address);
    const newChunks = packet.data.filter((data) => sent.isNew(data));
    onData({ end, packet, sent, status, path, newChunks });
    const timeouts = status.counters.retransmissionTimeouts;
    for (const data of packet.data) sent.sent(data, this.#nowMs(), timeouts);
  }

  /**
   * Before the process is given it.
   * @returns the first TSN that the end must send again at once, and the end
   */
  packetArrived(
    at: SctpProcess,
    packet: SeenPacket,
  ): { readonly end: AssociationEnd; readonly tsn: number } | undefined {
    if (packet.data.length > 0) {
      const arrived = this.arrivedAt(at, packet.verificationTag);
      for (const { tsn } of packet.data) arrived.add(tsn);
    }
    const end =
      packet.sack === undefined && packet.shutdownTsn === undefined
        ? undefined
        : at.endWithTag(packet.verificationTag);
    const sent = end === undefined ? undefined : this.#sent.get(end);
    if (end === undefined || sent === undefined || end.association.state === 'closed') return undefined;
    const tsn =
      packet.sack === undefined
        ? undefined
        : sent.acknowledged(packet.sack, end.association.status().counters.retransmissionTimeouts);
    if (packet.shutdownTsn !== undefined) sent.acknowledgedUpTo(packet.shutdownTsn);
    return tsn === undefined ? undefined : { end, tsn };
  }

  #sentOf(end: AssociationEnd): SentData | undefined {
    const known = this.#sent.get(end);
    if (known !== undefined) return known;
    const own = this.#inits.get(end.association.localTag);
    const peer = this.#inits.get(end.association.remoteTag);
    if (own === undefined || peer === undefined) return undefined;
    const sent = new SentData(own.initialTsn, peer.windowBytes);
    this.#sent.set(end, sent);
    return sent;
  }
}
