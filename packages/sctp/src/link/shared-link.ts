import { randomInt } from 'node:crypto';
import type { PacketLink, PathAddress } from '../endpoint/packet-link.ts';
import { SctpError } from '../sctp-error.ts';

const firstDynamicPort = 49_152; // RFC 6335 section 6
const lastPort = 0xffff;
const destinationPortOffset = 2;
const commonHeaderBytes = 12;

/** What takes packets: an SctpEndpoint. */
export interface PacketReceiver {
  /** @param localAddress where the packet arrived */
  receive(packet: Uint8Array, localAddress: string, from: PathAddress): void;
}

/**
 * Where a link on real sockets begins: other stacks may have the same IP address, in other processes or behind the same address
 * translation, and there are peers that know an association by address and SCTP port alone, not by UDP port.
 */
export function anyDynamicPort(): number {
  return randomInt(firstDynamicPort, lastPort + 1);
}

/** A link that serves many endpoints, each of which has its SCTP port. */
export abstract class SharedLink implements PacketLink {
  abstract readonly localAddresses: readonly string[];
  readonly #receivers = new Map<number, PacketReceiver>();
  #default: PacketReceiver | undefined;
  #nextPort: number;

  /** @param firstPort the first of the dynamic ports that it gives out */
  constructor(firstPort = firstDynamicPort) {
    this.#nextPort = firstPort;
  }

  abstract send(packet: Uint8Array, localAddress: string, remote: PathAddress): void;
  abstract udpPortsToTry(address: string, port: number): readonly [number, ...number[]];
  abstract maxPacketBytes(address: string): number;

  /** Packets to this SCTP port go to the receiver from now on. @throws SctpError address-in-use, invalid-argument */
  attach(port: number, receiver: PacketReceiver): void {
    if (!Number.isInteger(port) || port < 1 || port > lastPort)
      throw new SctpError('invalid-argument', `SCTP port: expected an integer from 1 to 65535, got ${port}`);
    if (this.#receivers.has(port))
      throw new SctpError('address-in-use', `SCTP port ${port}: another endpoint of this link has it`);
    this.#receivers.set(port, receiver);
  }

  /** Packets to ports that nobody has go there; without, they are dropped. An endpoint answers them by RFC 9260 section 8.4. */
  attachDefault(receiver: PacketReceiver): void {
    this.#default = receiver;
  }

  /** The port is free again. */
  detach(port: number): void {
    this.#receivers.delete(port);
  }

  /**
   * A dynamic SCTP port that is not in use. They take turns, so that late packets for an endpoint that has gone do not find its
   * successor.
   * @throws SctpError address-in-use when there is none
   */
  allocatePort(): number {
    for (let tries = firstDynamicPort; tries <= lastPort; tries += 1) {
      const port = this.#nextPort;
      this.#nextPort = port === lastPort ? firstDynamicPort : port + 1;
      if (!this.#receivers.has(port)) return port;
    }
    throw new SctpError('address-in-use', 'SCTP port: all dynamic ports of this link are in use');
  }

  protected has(port: number): boolean {
    return this.#receivers.has(port);
  }

  /** Carries nothing any more, and lets the process end. */
  close(): void {
    this.#receivers.clear();
    this.#default = undefined;
  }

  /** Gives a packet that has arrived to whom it is for. */
  protected deliver(packet: Uint8Array, localAddress: string, from: PathAddress): void {
    if (packet.length < commonHeaderBytes) return; // not SCTP
    const port = ((packet[destinationPortOffset] ?? 0) << 8) | (packet[destinationPortOffset + 1] ?? 0);
    (this.#receivers.get(port) ?? this.#default)?.receive(packet, localAddress, from);
  }
}
