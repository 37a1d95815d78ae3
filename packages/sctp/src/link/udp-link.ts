import type { PathAddress } from '../endpoint/packet-link.ts';
import type { SctpHost } from '../endpoint/sctp-host.ts';
import { SctpError } from '../sctp-error.ts';
import { limitedErrorLog } from './limited-error-log.ts';
import { localAddressesOf } from './local-addresses.ts';
import type { LocalAddress } from './local-addresses.ts';
import { SharedLink, anyDynamicPort } from './shared-link.ts';
import {
  checkPeerUdpPorts,
  checkUdpPort,
  knownUdpPort,
  registeredUdpPort,
  udpPortsToTry,
} from './udp-ports.ts';
import type { PeerUdpPorts } from './udp-ports.ts';
import { UdpSocket } from './udp-socket.ts';
import type { UdpSocketHandler } from './udp-socket.ts';

const ipv4HeaderBytes = 20;
const ipv6HeaderBytes = 40;
const udpHeaderBytes = 8;
/** RFC 8200 section 5: what IPv6 always carries. Above the 576 bytes of IPv4, so that no option needs two values. */
const leastMtuBytes = 1_280;
/** How often a port that is free at one address may be in use at another. */
const maxBindTries = 20;

export interface UdpLinkOptions {
  /** Local addresses; 0.0.0.0 and :: stand for those of all interfaces. Default: `['0.0.0.0', '::']`. */
  readonly addresses?: readonly string[];
  /** The UDP port, the same at all addresses; 0 for any that is free. Default: 9899, as RFC 6951 has it. */
  readonly udpPort?: number;
  /** Default: 9899 is tried, then the same as their SCTP port. */
  readonly peerUdpPorts?: PeerUdpPorts;
  /** The largest IP packet, 1,280 to 65,535; used for loopback too, so that what is tried there holds elsewhere. Default: 1,500. */
  readonly mtuBytes?: number;
  /** Hears of packets that could not be sent, at debug, once a second for each kind of error. Default: nobody. */
  readonly log?: SctpHost['log'];
}

/**
 * SCTP in UDP (RFC 6951). Each local address has its socket, so that a packet leaves from the address that its path has: peers
 * abort associations whose packets come from addresses that they were not told.
 */
export class UdpLink extends SharedLink {
  readonly udpPort: number;
  readonly #sockets: Map<string, UdpSocket>;
  readonly #socketHandler: UdpSocketHandler;
  #isReferenced = true;
  #isClosed = false;
  readonly #peerUdpPorts: PeerUdpPorts;
  readonly #mtuBytes: number;
  /** The system has chosen the UDP port, so no other process of this machine has that number, and it is not given out yet. */
  #isOwnNumberFree: boolean;

  /**
   * Bound when it returns.
   * @throws SctpError invalid-argument, address-in-use, address-not-available, socket-failed
   */
  constructor(options: UdpLinkOptions = {}) {
    super(anyDynamicPort());
    const { addresses = ['0.0.0.0', '::'], udpPort = registeredUdpPort, mtuBytes = 1_500 } = options;
    checkUdpPort('udpPort', udpPort, 0);
    this.#isOwnNumberFree = udpPort === 0;
    this.#peerUdpPorts = options.peerUdpPorts ?? {};
    checkPeerUdpPorts(this.#peerUdpPorts);
    if (!Number.isInteger(mtuBytes) || mtuBytes < leastMtuBytes || mtuBytes > 0xffff)
      throw new SctpError(
        'invalid-argument',
        `mtuBytes: expected an integer from ${leastMtuBytes} to 65535, got ${mtuBytes}`,
      );
    this.#mtuBytes = mtuBytes;
    this.#socketHandler = {
      onPacket: (packet, localAddress, from) => this.deliver(packet, localAddress, from),
      onError: limitedErrorLog(options.log),
    };
    const sockets = this.#bind(localAddressesOf(addresses), udpPort);
    this.#sockets = new Map(sockets.map((socket) => [socket.address, socket]));
    this.udpPort = sockets[0]?.udpPort ?? udpPort;
  }

  get localAddresses(): readonly string[] {
    return [...this.#sockets.keys()];
  }

  /**
   * A further local address, at the same UDP port, for new associations; those that are up need telling (`dynamicAddresses`). Nothing where it
   * is there already.
   * @throws SctpError invalid-argument, address-in-use, address-not-available, socket-failed; closed
   */
  addAddress(address: string): void {
    if (this.#isClosed) throw new SctpError('closed', `addAddress ${address}: the link is closed`);
    for (const added of localAddressesOf([address])) {
      if (this.#sockets.has(added.address)) continue;
      const socket = new UdpSocket(added.address, this.udpPort, this.#socketHandler);
      if (!this.#isReferenced) socket.unref();
      this.#sockets.set(socket.address, socket);
    }
  }

  /** Gives a local address up: packets neither come there nor go from there any more. Nothing where it is not there. */
  removeAddress(address: string): void {
    this.#sockets.get(address)?.close();
    this.#sockets.delete(address);
  }

  send(packet: Uint8Array, localAddress: string, remote: PathAddress): void {
    this.#sockets.get(localAddress)?.send(packet, remote);
  }

  udpPortsToTry(address: string, port: number): readonly [number, ...number[]] {
    return udpPortsToTry(this.#peerUdpPorts, address, port);
  }

  knownUdpPort(address: string, port: number): number | undefined {
    return knownUdpPort(this.#peerUdpPorts, address, port);
  }

  maxPacketBytes(address: string): number {
    const ipHeaderBytes = address.includes(':') ? ipv6HeaderBytes : ipv4HeaderBytes;
    const availableBytes = this.#mtuBytes - ipHeaderBytes - udpHeaderBytes;
    return availableBytes - (availableBytes % 4); // chunks are padded to 4 bytes
  }

  /** First the number of its UDP port, where the system has chosen that: no other process can have it, while two may meet at a random one. */
  override allocatePort(): number {
    const isFirst = this.#isOwnNumberFree && !this.has(this.udpPort);
    this.#isOwnNumberFree = false;
    return isFirst ? this.udpPort : super.allocatePort();
  }

  /** Keeps the process alive (as it does from the start), or no longer. */
  ref(): void {
    this.#isReferenced = true;
    for (const socket of this.#sockets.values()) socket.ref();
  }

  unref(): void {
    this.#isReferenced = false;
    for (const socket of this.#sockets.values()) socket.unref();
  }

  override close(): void {
    super.close();
    this.#isClosed = true;
    for (const socket of this.#sockets.values()) socket.close();
  }

  /** One socket for each address, all at the same port. */
  #bind(addresses: readonly LocalAddress[], udpPort: number): UdpSocket[] {
    for (let tries = 1; ; tries += 1) {
      const bound: UdpSocket[] = [];
      try {
        this.#bindAll(addresses, udpPort, bound);
        return bound;
      } catch (error) {
        for (const socket of bound) socket.close();
        const inUse = error instanceof SctpError && error.code === 'address-in-use';
        if (!inUse || udpPort !== 0 || bound.length === 0 || tries >= maxBindTries) throw error;
      }
    }
  }

  #bindAll(addresses: readonly LocalAddress[], udpPort: number, bound: UdpSocket[]): void {
    let lastError: unknown;
    for (const { address, optional } of addresses) {
      try {
        bound.push(new UdpSocket(address, bound[0]?.udpPort ?? udpPort, this.#socketHandler));
      } catch (error) {
        lastError = error;
        const unavailable = error instanceof SctpError && error.code === 'address-not-available';
        if (!optional || !unavailable) throw error;
        this.#socketHandler.onError(error); // an interface's address that is not ready, as IPv6's are for a second
      }
    }
    if (bound.length === 0) throw lastError;
  }
}
