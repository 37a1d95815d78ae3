import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { writeCookieEcho } from '../../src/chunks/cookie-echo.ts';
import { writeData } from '../../src/chunks/data.ts';
import { decodeInit, writeInit } from '../../src/chunks/init.ts';
import { decodeSack } from '../../src/chunks/sack.ts';
import { writeShutdown } from '../../src/chunks/shutdown.ts';
import type { AssociationHandler } from '../../src/association/association-handler.ts';
import type { AssociationState } from '../../src/association/association-status.ts';
import type { SctpAssociation } from '../../src/association/sctp-association.ts';
import type { SctpExtension } from '../../src/association/extension.ts';
import type { EndpointLimits } from '../../src/endpoint/endpoint-limits.ts';
import type { PacketLink } from '../../src/endpoint/packet-link.ts';
import { SctpEndpoint } from '../../src/endpoint/sctp-endpoint.ts';
import { PacketWriter } from '../../src/packet/packet-writer.ts';
import type { PacketReader } from '../../src/packet/packet-reader.ts';
import type { HostileKnowledge } from '../support/hostile-packets.ts';
import { authenticating } from '../support/authenticating-peer.ts';
import { opened } from '../support/packets.ts';
import { TestHost } from '../support/test-host.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

/** What the victim is in when hostile packets come. */
export const fuzzStates = [
  'listening',
  'cookie-wait',
  'cookie-echoed',
  'established',
  'established with data on its way',
  'established with gaps in what arrived',
  'established and not reading',
  'shutdown-pending',
  'shutdown-sent',
  'shutdown-received',
  'shutdown-ack-sent',
] as const;

export type FuzzState = (typeof fuzzStates)[number];

/** Small, so that they are reached. */
export const fuzzLimits = {
  maxAssociations: 6,
  maxPeerAddresses: 4,
  maxStreams: 8,
  maxReceivedMessageBytes: 3_000,
  receiveWindowBytes: 4_000,
  maxHeldChunks: 40,
  highWaterBytes: 2_000,
  lowWaterBytes: 500,
} as const satisfies Partial<EndpointLimits>;

export const victimAddresses = ['10.0.0.1', '10.1.0.1'] as const;
export const peerAddresses = ['10.0.0.2', '10.1.0.2'] as const;
const victimPort = 9_901;
const peerPort = 3_863;
const maxPacketBytes = 1_480;
/** User bytes that the victim sends where data is to be on its way. */
const sentBytes = 3_000;

/**
 * An endpoint in virtual time, and a peer that knows enough to bring an association with it into any state; then the peer lends its knowledge
 * to somebody hostile.
 */
export class FuzzVictim implements PacketLink {
  readonly clock = new VirtualClock();
  readonly localAddresses = victimAddresses;
  readonly endpoint: SctpEndpoint;
  /** Packets that the victim has sent. */
  sentPackets = 0;
  readonly #extensions: readonly SctpExtension[];
  /** The association that was brought into a state. */
  #association: SctpAssociation | undefined;
  #peerTag = 0;
  #peerInitialTsn = 0;
  #nextPeerTag = 1;
  /** What the victim has told in its packets. */
  #tag = 0;
  #cookie = new Uint8Array(0);
  #firstSentTsn = 0;
  #sentTsn = 0;
  #acknowledgedTsn = 0;

  constructor(seed: number, extensions: readonly SctpExtension[]) {
    this.#extensions = extensions;
    this.endpoint = new SctpEndpoint(new TestHost(this.clock, seed), this, {
      port: victimPort,
      limits: fuzzLimits,
      extensions,
      accept: (association) => {
        this.#association ??= association;
        return this.#application(association);
      },
    });
  }

  /** Of the association that was brought into a state; undefined when it is down, or there is none. */
  get state(): AssociationState | undefined {
    const association = this.#association;
    return association === undefined || association.state === 'closed' ? undefined : association.state;
  }

  get knowledge(): HostileKnowledge {
    return {
      sourcePort: peerPort,
      destinationPort: victimPort,
      verificationTag: this.#tag,
      reflectedTag: this.#peerTag,
      nextTsn: (this.#acknowledgedTsn + 1) >>> 0,
      sentTsn: this.#sentTsn,
      streams: fuzzLimits.maxStreams,
      cookie: this.#cookie,
    };
  }

  /** Ends what there is, and brings a new association into a state. @throws Error when that does not succeed */
  enter(state: FuzzState): void {
    for (const association of [...this.endpoint.associations]) association.abort();
    this.clock.run();
    this.#association = undefined;
    this.#newPeer();
    this.#sendInit(); // for its cookie
    if (state === 'listening') return;
    if (state === 'cookie-wait' || state === 'cookie-echoed') this.#beOpened(state);
    else this.#establish(state);
    const expected = state.split(' ')[0];
    if (this.state !== expected)
      throw new Error(`expected the victim to be ${state}, it is ${this.state ?? 'down'}`);
  }

  send(packet: Uint8Array): void {
    this.sentPackets += 1;
    this.#read(opened(packet));
  }

  udpPortsToTry(): readonly [number, ...number[]] {
    return [0];
  }

  maxPacketBytes(): number {
    return maxPacketBytes;
  }

  #beOpened(state: 'cookie-wait' | 'cookie-echoed'): void {
    const handler = this.#application(undefined);
    this.#association = this.endpoint.connect({ addresses: peerAddresses, port: peerPort }, handler);
    this.#association.send({ data: new Uint8Array(100) });
    if (state === 'cookie-wait') return;
    this.#give((packet) =>
      writeInit(packet, 'init-ack', {
        ...this.#init(),
        parameters: { addresses: [], stateCookie: new Uint8Array(40) },
      }),
    );
  }

  #establish(state: FuzzState): void {
    const data = new Uint8Array(sentBytes);
    this.#give((packet) => writeCookieEcho(packet, { cookie: this.#cookie }));
    const association = this.#association;
    switch (state) {
      case 'established with data on its way':
      case 'shutdown-pending':
      case 'shutdown-received':
        association?.send({ data });
        this.clock.run();
        if (state === 'shutdown-pending') association?.close();
        if (state === 'shutdown-received') this.#give((packet) => this.#writeShutdown(packet));
        break;
      case 'established with gaps in what arrived':
        for (const tsn of [2, 3, 5, 9]) this.#giveData(tsn);
        break;
      case 'established and not reading':
        association?.pause();
        for (const tsn of [0, 1, 2]) this.#giveData(tsn);
        break;
      case 'shutdown-sent':
        association?.close();
        break;
      case 'shutdown-ack-sent':
        this.#give((packet) => this.#writeShutdown(packet));
        break;
      default: // it is established
    }
  }

  #newPeer(): void {
    this.#peerTag = this.#nextPeerTag = (this.#nextPeerTag + 0x9e37_79b1) >>> 0 || 1;
    this.#peerInitialTsn = (0xffff_fff0 + this.#peerTag) >>> 0;
    this.#acknowledgedTsn = (this.#peerInitialTsn - 1) >>> 0;
  }

  #sendInit(): void {
    this.#give((packet) => writeInit(packet, 'init', this.#init()), 0);
  }

  #init(): Parameters<typeof writeInit>[2] {
    const supportedExtensions = this.#extensions.flatMap(({ chunkTypes }) => chunkTypes);
    return {
      initiateTag: this.#peerTag,
      advertisedWindowBytes: 20_000,
      outboundStreams: 8,
      inboundStreams: 8,
      initialTsn: this.#peerInitialTsn,
      parameters: {
        addresses: peerAddresses,
        ...(this.#extensions.length > 0 && {
          ...authenticating,
          supportedExtensions,
          forwardTsnSupported: true,
        }),
      },
    };
  }

  #writeShutdown(packet: PacketWriter): void {
    writeShutdown(packet, { cumulativeTsn: (this.#firstSentTsn - 1) >>> 0 });
  }

  /** @param offset from the first TSN */
  #giveData(offset: number): void {
    this.#give((packet) =>
      writeData(packet, {
        tsn: (this.#peerInitialTsn + offset) >>> 0,
        streamId: 0,
        streamSequence: offset,
        payloadProtocolId: 0,
        userData: new Uint8Array(200),
        beginning: true,
        ending: true,
        unordered: offset % 2 === 1,
        immediate: false,
      }),
    );
  }

  #give(write: (packet: PacketWriter) => void, verificationTag = this.#tag): void {
    const packet = new PacketWriter(
      { sourcePort: peerPort, destinationPort: victimPort, verificationTag },
      2_000,
    );
    write(packet);
    this.endpoint.receive(packet.finish(), victimAddresses[0], { address: peerAddresses[0], udpPort: 0 });
    this.clock.run();
  }

  /** What the victim tells of itself. */
  #read(packet: PacketReader): void {
    if (packet.destinationPort !== peerPort) return;
    while (packet.next()) {
      if (packet.type === ChunkType.init || packet.type === ChunkType.initAck) {
        const { initiateTag, initialTsn, parameters } = decodeInit(packet);
        if (packet.type === ChunkType.initAck && packet.verificationTag !== this.#peerTag) continue;
        this.#tag = initiateTag;
        this.#firstSentTsn = initialTsn;
        this.#sentTsn = (initialTsn - 1) >>> 0;
        if (parameters.stateCookie !== undefined) this.#cookie = parameters.stateCookie.slice();
      } else if (packet.type === ChunkType.data) {
        this.#sentTsn = packet.view.getUint32(packet.start + 4);
      } else if (packet.type === ChunkType.sack) {
        this.#acknowledgedTsn = decodeSack(packet).cumulativeTsn;
      }
    }
  }

  /** Reads, and answers a little. */
  #application(association: SctpAssociation | undefined): AssociationHandler {
    return {
      onMessage: ({ data, streamId }) => {
        const own = association ?? this.#association;
        if (own === undefined || own.outboundStreams === 0 || data.length % 2 === 0) return;
        own.send({ data: data.slice(0, 50), streamId: streamId % own.outboundStreams });
      },
      onDown: () => undefined,
    };
  }
}
