import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { writeCookieAck } from '../../src/chunks/cookie-ack.ts';
import { writeCookieEcho } from '../../src/chunks/cookie-echo.ts';
import { decodeData, writeData } from '../../src/chunks/data.ts';
import type { DataChunk } from '../../src/chunks/data.ts';
import { decodeHeartbeat, writeHeartbeat } from '../../src/chunks/heartbeat.ts';
import { decodeInit, writeInit } from '../../src/chunks/init.ts';
import type { InitChunk } from '../../src/chunks/init.ts';
import { writeSack } from '../../src/chunks/sack.ts';
import { writeShutdown } from '../../src/chunks/shutdown.ts';
import type { PathAddress } from '../../src/endpoint/packet-link.ts';
import type { MemoryLink } from '../../src/link/memory-link.ts';
import type { PacketReceiver } from '../../src/link/shared-link.ts';
import type { PacketReader } from '../../src/packet/packet-reader.ts';
import { PacketWriter } from '../../src/packet/packet-writer.ts';
import { opened } from './packets.ts';
import type { TestHost } from './test-host.ts';

/** Writes a chunk into a packet. */
export type Write = (packet: PacketWriter) => void;

/** Where a packet goes from the usual. */
export interface Envelope {
  /** Default: the right verification tag. */
  readonly tag?: number;
  /** Default: the first address. */
  readonly from?: string;
  /** Default: where the INIT went to, or came from. */
  readonly to?: string;
  /** Source port. Default: its own. */
  readonly port?: number;
  readonly maxBytes?: number;
}

/** What a peer has said in its INIT or INIT ACK. */
interface Remote {
  readonly address: string;
  readonly tag: number;
  /** Its TSNs count from here. */
  initialTsn: number;
  readonly cookie: Uint8Array;
}

/** A peer without a stack: it sends what the test says, and only notes what it receives. TSNs count from the initial ones. */
export class RawPeer implements PacketReceiver {
  readonly addresses: readonly [string, ...string[]];
  readonly port: number;
  readonly received: PacketReader[] = [];
  tag: number;
  initialTsn: number;
  /** Window that `sack` and the INIT announce unless told otherwise. */
  windowBytes = 100_000;
  /** Its addresses where HEARTBEATs are answered; default: none. */
  answersHeartbeatsAt: readonly string[] = [];
  /** It acknowledges each packet with DATA at once. Default: it never does. */
  acknowledges = false;
  readonly #link: MemoryLink;
  /** The highest TSN that has come, from the other's initial one. */
  highestTsn = -1;
  #remote: Remote | undefined;

  constructor(link: MemoryLink, host: TestHost, addresses: readonly [string, ...string[]], port: number) {
    this.#link = link;
    this.addresses = addresses;
    this.port = port;
    this.tag = host.randomUint32();
    this.initialTsn = host.randomUint32();
  }

  /** The endpoint at the other end, as it has presented itself. */
  get remote(): Remote {
    if (this.#remote === undefined) throw new Error('has heard nothing of the other end yet');
    return this.#remote;
  }

  receive(packet: Uint8Array, localAddress: string, from: PathAddress): void {
    this.received.push(opened(packet));
    const reader = opened(packet);
    if (!reader.next()) return;
    this.#noteData(reader);
    if (reader.type === ChunkType.heartbeat && this.answersHeartbeatsAt.includes(localAddress)) {
      const { info } = decodeHeartbeat(reader);
      this.send((answer) => writeHeartbeat(answer, 'heartbeat-ack', info), {
        from: localAddress,
        to: from.address,
      });
    }
    if (reader.type !== ChunkType.init && reader.type !== ChunkType.initAck) return;
    const { initiateTag, initialTsn, parameters } = decodeInit(reader);
    const cookie = parameters.stateCookie?.slice() ?? new Uint8Array(0);
    this.#remote = { address: from.address, tag: initiateTag, initialTsn, cookie };
  }

  /** Before the first chunk of the packet that was received last. */
  get last(): PacketReader {
    const reader = this.received.at(-1);
    if (reader === undefined) throw new Error('has received nothing');
    reader.rewind();
    return reader;
  }

  send(writes: Write | readonly Write[], { tag, from, to, port, maxBytes = 65_535 }: Envelope = {}): void {
    const packet = new PacketWriter(
      { sourcePort: port ?? this.port, destinationPort: this.port, verificationTag: tag ?? this.remote.tag },
      maxBytes,
    );
    for (const write of [writes].flat()) write(packet);
    const destination = { address: to ?? this.remote.address, udpPort: 0 };
    this.#link.send(packet.finish(), from ?? this.addresses[0], destination);
  }

  sendInit(to: string, changes: Partial<InitChunk> = {}, from?: string): void {
    this.send(this.init(changes), { tag: 0, to, from: from ?? this.addresses[0] });
  }

  sendCookieEcho(...more: Write[]): void {
    this.send([(packet) => writeCookieEcho(packet, { cookie: this.remote.cookie }), ...more]);
  }

  /** To an INIT that came. */
  sendInitAck(changes: Partial<InitChunk> = {}, envelope?: Envelope): void {
    const { parameters, ...fields } = changes;
    const stateCookie = new TextEncoder().encode('the cookie of the peer');
    const chunk = {
      ...this.#ownInit(),
      ...fields,
      parameters: { addresses: this.#furtherAddresses(), stateCookie, ...parameters },
    };
    this.send((packet) => writeInit(packet, 'init-ack', chunk), envelope);
  }

  sendCookieAck(...more: Write[]): void {
    this.send([writeCookieAck, ...more]);
  }

  init(changes: Partial<InitChunk> = {}): Write {
    const chunk = { ...this.#ownInit(), ...changes };
    return (packet) => writeInit(packet, 'init', chunk);
  }

  /** @param tsn counted from the own initial one */
  data(tsn: number, { text = 'x', ...changes }: Partial<DataChunk> & { readonly text?: string } = {}): Write {
    const chunk: DataChunk = {
      tsn: (this.initialTsn + tsn) >>> 0,
      streamId: 0,
      streamSequence: tsn & 0xffff,
      payloadProtocolId: 0,
      userData: new TextEncoder().encode(text),
      beginning: true,
      ending: true,
      unordered: false,
      immediate: false,
      ...changes,
    };
    return (packet) => writeData(packet, chunk);
  }

  /**
   * @param tsn the cumulative one, counted from the other's initial one
   * @param gaps further TSNs that have arrived, counted in the same way: `2-3 5`
   */
  sack(
    tsn: number,
    {
      gaps = '',
      duplicates = [],
      window,
    }: { gaps?: string; duplicates?: readonly number[]; window?: number } = {},
  ): Write {
    const absolute = (relative: number): number => (this.remote.initialTsn + relative) >>> 0;
    const blocks = gaps.split(' ').filter((block) => block !== '');
    const chunk = {
      cumulativeTsn: absolute(tsn),
      advertisedWindowBytes: window ?? this.windowBytes,
      gaps: blocks.flatMap((block) => {
        const [first = '', last = first] = block.split('-');
        return [Number(first) - tsn, Number(last) - tsn];
      }),
      duplicates: duplicates.map(absolute),
    };
    return (packet) => writeSack(packet, chunk);
  }

  shutdown(tsn: number): Write {
    const cumulativeTsn = (this.remote.initialTsn + tsn) >>> 0;
    return (packet) => writeShutdown(packet, { cumulativeTsn });
  }

  #noteData(reader: PacketReader): void {
    let hasData = false;
    do {
      if (reader.type !== ChunkType.data) continue;
      hasData = true;
      this.highestTsn = Math.max(this.highestTsn, (decodeData(reader).tsn - this.remote.initialTsn) | 0);
    } while (reader.next());
    reader.rewind();
    reader.next();
    if (hasData && this.acknowledges) this.send(this.sack(this.highestTsn));
  }

  #ownInit(): InitChunk {
    return {
      initiateTag: this.tag,
      advertisedWindowBytes: this.windowBytes,
      outboundStreams: 10,
      inboundStreams: 10,
      initialTsn: this.initialTsn,
      parameters: { addresses: this.#furtherAddresses() },
    };
  }

  #furtherAddresses(): readonly string[] {
    return this.addresses.length > 1 ? this.addresses : [];
  }
}
