import type { PathAddress } from '@rserpool/sctp';
import type { PacketNetwork, Passage, Station } from './packet-network.ts';
import type { SctpProcess } from './sctp-process.ts';
import type { SeenPacket } from './wire/seen-packet.ts';

/** Where SCTP is when nothing else is known (RFC 6951 section 5.1). */
export const registeredUdpPort = 9_899;

/** After a translation has changed, packets to the old port still arrive for so long. */
const oldPortLifeMs = 20;

/** A host with addresses, on which one process after the other has the SCTP port. */
export class SctpMachine implements Station {
  readonly name: string;
  readonly addresses: readonly [string, ...string[]];
  readonly port: number;
  process: SctpProcess | undefined;
  readonly #network: PacketNetwork;
  readonly #nowMs: () => number;
  #udpPort = registeredUdpPort;
  #oldUdpPort = registeredUdpPort;
  #oldUntilMs = 0;

  constructor(
    network: PacketNetwork,
    nowMs: () => number,
    identity: {
      readonly name: string;
      readonly addresses: readonly [string, ...string[]];
      readonly port: number;
    },
  ) {
    this.#network = network;
    this.#nowMs = nowMs;
    this.name = identity.name;
    this.addresses = identity.addresses;
    this.port = identity.port;
    network.attach(this.addresses, this);
  }

  /** The source UDP port of its packets: that which a translation in front of it has chosen. */
  get udpPort(): number {
    return this.#udpPort;
  }

  /** A network address translation forgets it, and takes another port from now on. */
  changeUdpPort(udpPort: number): void {
    this.#oldUdpPort = this.#udpPort;
    this.#oldUntilMs = this.#nowMs() + oldPortLifeMs;
    this.#udpPort = udpPort;
  }

  send(bytes: Uint8Array, localAddress: string, to: PathAddress): void {
    this.#network.send(bytes, { address: localAddress, udpPort: this.#udpPort }, to);
  }

  has(_address: string, udpPort: number): boolean {
    if (this.process === undefined) return false;
    return udpPort === this.#udpPort || (udpPort === this.#oldUdpPort && this.#nowMs() <= this.#oldUntilMs);
  }

  arrive(bytes: Uint8Array, passage: Passage, seen: SeenPacket | undefined): void {
    this.process?.receive(bytes, passage, seen);
  }
}
