import type { PathAddress } from '../endpoint/packet-link.ts';
import { SharedLink, anyDynamicPort } from './shared-link.ts';

/**
 * A socket for IP protocol 132, which takes a privilege and native code: whoever has both provides it. The kernel must not answer the
 * same packets: it has no SCTP, or a firewall keeps them from it.
 */
export interface RawSocket {
  /** Sends an SCTP packet, checksum included, or loses it: never throws. The socket adds the IP header. */
  send(packet: Uint8Array, localAddress: string, remoteAddress: string): void;
  /** What hears of SCTP packets that arrive, without their IP header. */
  listen(onPacket: (packet: Uint8Array, localAddress: string, remoteAddress: string) => void): void;
  close(): void;
}

const ipv4HeaderBytes = 20;
const ipv6HeaderBytes = 40;

export interface RawLinkOptions {
  /** The addresses that the socket sends from and receives at. */
  readonly localAddresses: readonly string[];
  /** The largest IP packet. Default: 1,500. */
  readonly mtuBytes?: number;
}

/** SCTP right above IP, as kernels have it. */
export class RawLink extends SharedLink {
  readonly localAddresses: readonly string[];
  readonly #socket: RawSocket;
  readonly #mtuBytes: number;

  constructor(socket: RawSocket, { localAddresses, mtuBytes = 1_500 }: RawLinkOptions) {
    super(anyDynamicPort());
    this.localAddresses = localAddresses;
    this.#socket = socket;
    this.#mtuBytes = mtuBytes;
    const isLocal = new Set(localAddresses);
    socket.listen((packet, localAddress, remoteAddress) => {
      if (isLocal.has(localAddress))
        this.deliver(packet, localAddress, { address: remoteAddress, udpPort: 0 });
    });
  }

  send(packet: Uint8Array, localAddress: string, remote: PathAddress): void {
    this.#socket.send(packet, localAddress, remote.address);
  }

  /** There is no UDP here. */
  udpPortsToTry(): readonly [number, ...number[]] {
    return [0];
  }

  maxPacketBytes(address: string): number {
    const availableBytes = this.#mtuBytes - (address.includes(':') ? ipv6HeaderBytes : ipv4HeaderBytes);
    return availableBytes - (availableBytes % 4);
  }

  override close(): void {
    super.close();
    this.#socket.close();
  }
}
