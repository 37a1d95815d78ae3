import type { EndpointLimits } from '../endpoint/endpoint-limits.ts';
import type { PacketLink } from '../endpoint/packet-link.ts';
import type { ProtocolParameters } from '../endpoint/protocol-parameters.ts';
import type { SctpHost } from '../endpoint/sctp-host.ts';
import type { ErrorCause } from '../causes/error-cause.ts';
import { commonHeaderBytes } from '../packet/packet-layout.ts';
import { PacketWriter } from '../packet/packet-writer.ts';
import type { AssociationCounters, AssociationState } from './association-status.ts';
import type { Path } from './path.ts';
import type { Paths } from './paths.ts';

/** Counters that change while the association lives. */
export class Counters {
  packetsSent = 0;
  packetsReceived = 0;
  dataChunksSent = 0;
  dataChunksRetransmitted = 0;
  fastRetransmissions = 0;
  retransmissionTimeouts = 0;
  duplicatesReceived = 0;

  now(): AssociationCounters {
    return {
      packetsSent: this.packetsSent,
      packetsReceived: this.packetsReceived,
      dataChunksSent: this.dataChunksSent,
      dataChunksRetransmitted: this.dataChunksRetransmitted,
      fastRetransmissions: this.fastRetransmissions,
      retransmissionTimeouts: this.retransmissionTimeouts,
      duplicatesReceived: this.duplicatesReceived,
    };
  }
}

/** What the parts of an association may ask of the whole. */
export interface AssociationEvents {
  /** Ends it with an ABORT chunk. */
  abortWith(causes: readonly ErrorCause[]): void;
  /** The peer does not answer any more. */
  peerIsLost(): void;
}

/** The transmission control block (RFC 9260 section 14): what the parts of an association share. */
export class ControlBlock {
  readonly host: SctpHost;
  readonly link: PacketLink;
  readonly limits: EndpointLimits;
  parameters: ProtocolParameters;
  readonly localPort: number;
  readonly remotePort: number;
  /** My verification tag: what packets to me carry. */
  readonly localTag: number;
  /** The peer's; 0 until it is known. */
  remoteTag = 0;
  /**
   * Own addresses that are not the association's: given up, or not added yet. Nothing of its own is sent from them, and an ABORT that comes there is
   * ignored: it answers what the peer has taken for out of the blue (RFC 5061 sections 5.3, F1 and F4, and 5.3.1).
   */
  readonly outsideAddresses = new Set<string>();
  state: AssociationState = 'closed';
  readonly counters = new Counters();
  /** Consecutive unanswered transmissions on all paths (section 8.1). */
  errorCount = 0;
  outboundStreams = 0;
  inboundStreams = 0;
  readonly paths: Paths;
  readonly events: AssociationEvents;
  /** The last that is done with a packet; an extension may do more. */
  finish: (packet: PacketWriter) => Uint8Array = (packet) => packet.finish();

  constructor(parts: {
    readonly host: SctpHost;
    readonly link: PacketLink;
    readonly limits: EndpointLimits;
    readonly parameters: ProtocolParameters;
    readonly localPort: number;
    readonly remotePort: number;
    readonly localTag: number;
    readonly paths: Paths;
    readonly events: AssociationEvents;
  }) {
    this.host = parts.host;
    this.link = parts.link;
    this.limits = parts.limits;
    this.parameters = parts.parameters;
    this.localPort = parts.localPort;
    this.remotePort = parts.remotePort;
    this.localTag = parts.localTag;
    this.paths = parts.paths;
    this.events = parts.events;
  }

  /** Addresses that the peer was told. */
  get localAddresses(): readonly string[] {
    return this.paths.localAddresses;
  }

  /**
   * An empty packet for a path.
   * @param verificationTag of the peer, but for an INIT
   * @param chunkBytes it gets a chunk of this size that must not be split; where that is too large for the path, IP splits the packet
   */
  packet(path: Path, verificationTag = this.remoteTag, chunkBytes = 0): PacketWriter {
    return new PacketWriter(
      { sourcePort: this.localPort, destinationPort: this.remotePort, verificationTag },
      Math.max(path.maxPacketBytes, commonHeaderBytes + chunkBytes),
    );
  }

  /** @param localAddress where it is sent from, in any case. Default: from the path's own */
  send(path: Path, packet: PacketWriter, localAddress?: string): void {
    if (localAddress === undefined && this.outsideAddresses.has(path.localAddress)) return;
    this.counters.packetsSent += 1;
    this.link.send(this.finish(packet), localAddress ?? path.localAddress, path);
  }

  /** A packet of a chunk or two. @param chunkBytes as for `packet` */
  sendChunk(path: Path, write: (packet: PacketWriter) => void, chunkBytes = 0): void {
    const packet = this.packet(path, this.remoteTag, chunkBytes);
    write(packet);
    this.send(path, packet);
  }

  /** Answers what has come from a path: there, unless that is not confirmed (section 5.4), or is a path no more. */
  answer(path: Path, write: (packet: PacketWriter) => void): void {
    const mayBe = path.state !== 'unconfirmed' && this.paths.get(path.address) === path;
    this.sendChunk(mayBe ? path : this.paths.forData, write);
  }

  /** A transmission was not answered in time (section 8.1). */
  countError(): void {
    this.errorCount += 1;
    if (this.errorCount > this.parameters.associationMaxRetransmissions) this.events.peerIsLost();
  }
}
