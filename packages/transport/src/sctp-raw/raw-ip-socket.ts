import type { RawSocket } from '@rserpool/sctp';
import { CLibrary } from '../linux/c-library.ts';
import { MessageCalls } from '../linux/message-calls.ts';
import type { ControlMessage, ReceivedBytes } from '../linux/message-calls.ts';
import type { Readiness } from '../linux/readiness.ts';
import {
  AddressFamily,
  decodeIpv6,
  decodeSocketAddress,
  encodeSocketAddress,
  ipv4Text,
} from '../linux/socket-address.ts';
import { StructLayout } from '../linux/struct-layout.ts';
import { systemError } from '../linux/system-error.ts';
import { TransportError, transportErrorOf } from '../transport-error.ts';

const rawNonBlockingCloseOnExec = 3 | 0x800 | 0x80000;
const sctpProtocol = 132;
/** The largest IP packet. */
const packetBytes = 65_536;
/** What is read in one turn of the event loop. */
const packetsPerTurn = 64;

/** Levels and types of the control messages that name the local address. */
const ipv4Level = 0;
const ipv4PacketInfo = 8;
const ipv6Level = 41;
const ipv6ReceivePacketInfo = 49;
const ipv6PacketInfo = 50;

/** struct in_pktinfo; `specificDestination` is the source of what is sent. */
const ipv4PacketInfoLayout = new StructLayout({
  interfaceIndex: 'i32',
  specificDestination: 'u32be',
  destination: 'u32be',
});
/** struct in6_pktinfo: an address and the number of an interface. */
const ipv6PacketInfoBytes = 20;
/** Where an address is in struct sockaddr_in and sockaddr_in6. */
const ipv4AddressAt = 4;
const ipv6AddressAt = 8;
/** Where source and destination are in an IPv4 header. */
const ipv4SourceAt = 12;
const ipv4DestinationAt = 16;

type OnPacket = Parameters<RawSocket['listen']>[0];

/**
 * SCTP packets right above IP, in IPv4 and IPv6, for the project's own stack (RawLink of `@rserpool/sctp`). Takes Linux, koffi and
 * CAP_NET_RAW. A kernel with SCTP of its own answers the same packets with ABORT: unload its module or keep them from it by a firewall.
 */
export class RawIpSocket implements RawSocket {
  readonly #library: CLibrary;
  readonly #calls: MessageCalls;
  readonly #ipv4: number;
  /** Undefined on a machine without IPv6. */
  readonly #ipv6: number | undefined;
  readonly #watches: Readiness[] = [];
  #isClosed = false;

  private constructor(library: CLibrary, ipv4: number, ipv6: number | undefined) {
    this.#library = library;
    this.#calls = new MessageCalls(library, packetBytes);
    this.#ipv4 = ipv4;
    this.#ipv6 = ipv6;
  }

  /** @throws TransportError unavailable without Linux or koffi, permission-denied without CAP_NET_RAW */
  static async open(): Promise<RawIpSocket> {
    return RawIpSocket.openWith(await CLibrary.open());
  }

  /** The same where the library is there already. */
  static openWith(library: CLibrary): RawIpSocket {
    const ipv4 = library.socket(AddressFamily.ipv4, rawNonBlockingCloseOnExec, sctpProtocol);
    if (ipv4 < 0) {
      const error = transportErrorOf('raw socket for SCTP', systemError('socket', ipv4));
      if (error.code !== 'permission-denied') throw error;
      throw new TransportError(error.code, `${error.message}: it takes root or CAP_NET_RAW`, {
        cause: error.cause,
      });
    }
    const ipv6 = library.socket(AddressFamily.ipv6, rawNonBlockingCloseOnExec, sctpProtocol);
    if (ipv6 < 0) return new RawIpSocket(library, ipv4, undefined);
    library.setOption(ipv6, ipv6Level, ipv6ReceivePacketInfo, Uint8Array.of(1, 0, 0, 0));
    return new RawIpSocket(library, ipv4, ipv6);
  }

  send(packet: Uint8Array, localAddress: string, remoteAddress: string): void {
    const local = encodeSocketAddress({ address: localAddress, port: 0 });
    const remote = encodeSocketAddress({ address: remoteAddress, port: 0 });
    const isIpv6 = remoteAddress.includes(':');
    const fd = isIpv6 ? this.#ipv6 : this.#ipv4;
    if (this.#isClosed || local === undefined || remote === undefined || fd === undefined) return;
    this.#calls.send(fd, packet, isIpv6 ? ipv6SourceOf(local) : ipv4SourceOf(local), 0, remote);
  }

  listen(onPacket: OnPacket): void {
    const ipv4 = this.#ipv4;
    const ipv6 = this.#ipv6;
    this.#watches.push(this.#library.watch(ipv4, () => this.#read(ipv4, deliverIpv4, onPacket)));
    if (ipv6 !== undefined)
      this.#watches.push(this.#library.watch(ipv6, () => this.#read(ipv6, deliverIpv6, onPacket)));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const watch of this.#watches) watch.close();
    this.#library.close(this.#ipv4);
    if (this.#ipv6 !== undefined) this.#library.close(this.#ipv6);
  }

  #read(fd: number, deliver: typeof deliverIpv4, onPacket: OnPacket): void {
    for (let count = 0; count < packetsPerTurn && !this.#isClosed; count += 1) {
      const received = this.#calls.receive(fd);
      if (typeof received === 'number') return;
      deliver(received, onPacket);
    }
  }
}

/** The kernel gives the IPv4 header too. */
function deliverIpv4({ data }: ReceivedBytes, onPacket: OnPacket): void {
  const headerBytes = ((data[0] ?? 0) & 0xf) * 4;
  if (data.length < headerBytes) return;
  onPacket(data.slice(headerBytes), ipv4Text(data, ipv4DestinationAt), ipv4Text(data, ipv4SourceAt));
}

/** Of IPv6 it gives no header, but tells both addresses beside. */
function deliverIpv6({ data, name, control }: ReceivedBytes, onPacket: OnPacket): void {
  const source = decodeSocketAddress(name);
  const info = control.find(({ level, type }) => level === ipv6Level && type === ipv6PacketInfo)?.data;
  if (source === undefined || info?.length !== ipv6PacketInfoBytes) return;
  onPacket(data.slice(), decodeIpv6(info), source.address);
}

function ipv4SourceOf(local: Uint8Array): ControlMessage {
  const data = ipv4PacketInfoLayout.encode({});
  data.set(
    local.subarray(ipv4AddressAt, ipv4AddressAt + 4),
    ipv4PacketInfoLayout.offsets.specificDestination,
  );
  return { level: ipv4Level, type: ipv4PacketInfo, data };
}

function ipv6SourceOf(local: Uint8Array): ControlMessage {
  const data = new Uint8Array(ipv6PacketInfoBytes);
  data.set(local.subarray(ipv6AddressAt, ipv6AddressAt + 16));
  return { level: ipv6Level, type: ipv6PacketInfo, data };
}
