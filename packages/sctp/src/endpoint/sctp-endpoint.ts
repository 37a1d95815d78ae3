import type { AssociationHandler } from '../association/association-handler.ts';
import type { SctpExtension } from '../association/extension.ts';
import { SctpAssociation } from '../association/sctp-association.ts';
import { ChunkType } from '../chunks/chunk-type.ts';
import { PacketReader } from '../packet/packet-reader.ts';
import { SctpError } from '../sctp-error.ts';
import { announcedTo } from './address-scope.ts';
import { AssociationTable } from './association-table.ts';
import { CookieJar } from './cookie-jar.ts';
import { CookieReceipt } from './cookie-receipt.ts';
import { defaultEndpointLimits } from './endpoint-limits.ts';
import type { EndpointLimits } from './endpoint-limits.ts';
import { InitReceipt } from './init-receipt.ts';
import { answerOutOfTheBlue, kindOf } from './out-of-the-blue.ts';
import type { PacketLink, PathAddress } from './packet-link.ts';
import { defaultProtocolParameters } from './protocol-parameters.ts';
import type { ProtocolParameters } from './protocol-parameters.ts';
import type { SctpHost } from './sctp-host.ts';
import { StatelessReply } from './stateless-reply.ts';

export interface StreamCounts {
  /** Streams that this side would like to send on; the peer may grant fewer. Default: 16. */
  readonly outbound?: number;
  /** Streams that it takes at most. Default: `limits.maxStreams`. */
  readonly inbound?: number;
}

export interface EndpointOptions {
  /** Own SCTP port, 1 to 65535; 0 for one that answers packets to ports that no endpoint of a shared link has (section 8.4). */
  readonly port: number;
  /** Takes associations that peers open. Absent: they are refused. */
  readonly accept?: (association: SctpAssociation) => AssociationHandler;
  readonly parameters?: Partial<ProtocolParameters>;
  readonly limits?: Partial<EndpointLimits>;
  readonly streams?: StreamCounts;
  /** Parts of SCTP beyond RFC 9260, such as `partialReliability`. Default: none. */
  readonly extensions?: readonly SctpExtension[];
}

export interface PeerAddress {
  /** All that are known of the peer; the first is tried first, the others when it does not answer. */
  readonly addresses: readonly [string, ...string[]];
  readonly port: number;
  /** Where its UDP encapsulation is. Default: what the link knows or guesses. */
  readonly udpPort?: number;
}

export interface ConnectOptions {
  readonly parameters?: Partial<ProtocolParameters>;
  readonly streams?: StreamCounts;
}

const defaultOutboundStreams = 16;

/** An SCTP endpoint (RFC 9260 section 1.3): one port on all addresses of its link, and its associations. */
export class SctpEndpoint {
  readonly port: number;
  readonly #host: SctpHost;
  readonly #link: PacketLink;
  readonly #options: EndpointOptions;
  readonly #parameters: ProtocolParameters;
  readonly #limits: EndpointLimits;
  readonly #table = new AssociationTable();
  readonly #jar: CookieJar;
  readonly #reply: StatelessReply;
  readonly #inits: InitReceipt;
  readonly #cookies: CookieReceipt;
  #isClosed = false;

  constructor(host: SctpHost, link: PacketLink, options: EndpointOptions) {
    this.port = options.port;
    this.#host = host;
    this.#link = link;
    this.#options = options;
    this.#parameters = { ...defaultProtocolParameters, ...options.parameters };
    this.#limits = { ...defaultEndpointLimits, ...options.limits };
    this.#jar = new CookieJar(host, 2 * this.#parameters.cookieLifeMs);
    this.#reply = new StatelessReply(host, link, this.#limits.maxStatelessAnswersPerSecond);
    const shared = {
      host,
      link,
      jar: this.#jar,
      reply: this.#reply,
      table: this.#table,
      limits: this.#limits,
      parameters: this.#parameters,
    };
    this.#inits = new InitReceipt(shared, {
      accepts: options.accept !== undefined,
      outboundStreams: options.streams?.outbound ?? defaultOutboundStreams,
      inboundStreams: options.streams?.inbound ?? this.#limits.maxStreams,
      extensions: options.extensions ?? [],
    });
    this.#cookies = new CookieReceipt(shared, (remotePort, localTag, localInitialTsn, localAddresses) =>
      this.#newAssociation({ remotePort, localTag, localInitialTsn, localAddresses }, {}),
    );
  }

  get localAddresses(): readonly string[] {
    return this.#link.localAddresses;
  }

  /** Those that are not down. */
  get associations(): ReadonlySet<SctpAssociation> {
    return this.#table.all;
  }

  /**
   * Opens an association.
   * @throws SctpError already-connected, closed, invalid-argument
   */
  connect(peer: PeerAddress, handler: AssociationHandler, options: ConnectOptions = {}): SctpAssociation {
    const { addresses, port, udpPort } = peer;
    if (this.#isClosed) throw new SctpError('closed', `connect: the endpoint at port ${this.port} is closed`);
    if (!Number.isInteger(port) || port < 1 || port > 0xffff)
      throw new SctpError('invalid-argument', `connect: expected a port from 1 to 65535, got ${port}`);
    const existing = addresses.find((address) =>
      this.#table
        .at(address, port)
        .some((association) => udpPort === undefined || association.mayBeAt({ address, udpPort })),
    );
    if (existing !== undefined)
      throw new SctpError(
        'already-connected',
        `connect: there is an association with ${existing}, port ${port}`,
      );
    const localAddresses = announcedTo(addresses[0], this.#link.localAddresses);
    const start = {
      remotePort: port,
      localTag: this.#table.newTag(this.#host),
      localInitialTsn: this.#host.randomUint32(),
      localAddresses,
    };
    const association = this.#newAssociation(start, options);
    this.#table.add(association);
    association.open({ addresses, udpPort }, handler);
    return association;
  }

  /** A packet has arrived, whatever its bytes; for the link. Exceptions are the application's: its handler threw. */
  receive(packet: Uint8Array, localAddress: string, from: PathAddress): void {
    const reader = PacketReader.open(packet);
    if (typeof reader === 'string' || this.#isClosed) return;
    if (this.port !== 0 && reader.destinationPort !== this.port) return;
    if (!reader.next()) return;
    if (reader.verificationTag === 0) {
      if (reader.type === ChunkType.init) this.#inits.receive(reader, localAddress, from);
      return; // RFC 9260 section 8.5.1 A
    }
    if (reader.type === ChunkType.cookieEcho) {
      this.#cookies.receive(reader, localAddress, from, this.#options.accept);
      return;
    }
    const association = this.#table.byTag(reader.verificationTag);
    // Right tag (RFC 9260 section 8.5), and from the peer.
    if (association?.remotePort === reader.sourcePort && association.takes(reader, from))
      this.#give(association, reader, localAddress, from);
    else this.#receiveOther(reader, localAddress, from);
  }

  /** Aborts every association. No timer is left. */
  close(): void {
    if (this.#isClosed) return;
    for (const association of [...this.#table.all]) association.abort('endpoint closed');
    this.#isClosed = true;
    this.#jar.end();
  }

  #give(association: SctpAssociation, reader: PacketReader, localAddress: string, from: PathAddress): void {
    if (isOpening(association) && kindOf(reader) === 'shutdown-ack') {
      answerOutOfTheBlue(reader, localAddress, from, this.#reply); // section 8.5.1 E
      return;
    }
    reader.rewind();
    association.receive(reader, from, localAddress);
  }

  /** Not one of our tags. */
  #receiveOther(reader: PacketReader, localAddress: string, from: PathAddress): void {
    reader.rewind();
    reader.next();
    const { type, flags, verificationTag, sourcePort } = reader;
    const there = this.#table.at(from.address, sourcePort);
    const mayReflect = (type === ChunkType.abort || type === ChunkType.shutdownComplete) && (flags & 1) !== 0;
    const reflected = mayReflect ? there.find(({ remoteTag }) => remoteTag === verificationTag) : undefined;
    if (reflected !== undefined) {
      reader.rewind();
      reflected.receive(reader, from, localAddress); // section 8.5.1 B and C
      return;
    }
    const peers = there.filter((association) => association.mayBeAt(from));
    if (peers.length === 0 || (peers.some(isOpening) && kindOf(reader) === 'shutdown-ack'))
      answerOutOfTheBlue(reader, localAddress, from, this.#reply);
  }

  #newAssociation(
    start: {
      readonly remotePort: number;
      readonly localTag: number;
      readonly localInitialTsn: number;
      readonly localAddresses: readonly string[];
    },
    options: ConnectOptions,
  ): SctpAssociation {
    const streams = { ...this.#options.streams, ...options.streams };
    return new SctpAssociation({
      ...start,
      host: this.#host,
      link: this.#link,
      limits: this.#limits,
      parameters: { ...this.#parameters, ...options.parameters },
      localPort: this.port,
      outboundStreams: streams.outbound ?? defaultOutboundStreams,
      inboundStreams: streams.inbound ?? this.#limits.maxStreams,
      extensions: this.#options.extensions ?? [],
      registry: this.#table,
    });
  }
}

function isOpening({ state }: SctpAssociation): boolean {
  return state === 'cookie-wait' || state === 'cookie-echoed';
}
