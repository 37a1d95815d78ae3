import type { PathAddress } from '../endpoint/packet-link.ts';
import type { SctpHost } from '../endpoint/sctp-host.ts';
import { SctpError } from '../sctp-error.ts';
import { SharedLink } from './shared-link.ts';

/**
 * What becomes of a packet on its way between two addresses: one delay in milliseconds for each copy that arrives. `[]` is a loss,
 * `[5, 9]` a duplicate. The bytes may be changed: they are the network's.
 */
export type Transit = (packet: Uint8Array, from: string, to: string) => readonly number[];

const atOnce: Transit = () => [0];

/** A network within one process, in the time of the host's clock: the real one or a virtual one. */
export class MemoryHub {
  readonly #host: SctpHost;
  readonly #transit: Transit;
  readonly #links = new Map<string, MemoryLink>();

  constructor(host: SctpHost, transit: Transit = atOnce) {
    this.#host = host;
    this.#transit = transit;
  }

  /**
   * A link at addresses of its own.
   * @param maxPacketBytes default: 1,480, an Ethernet packet over IPv4 without UDP
   * @throws SctpError address-in-use
   */
  link(localAddresses: readonly string[], maxPacketBytes = 1_480): MemoryLink {
    for (const address of localAddresses) this.#expectFree(address);
    const link: MemoryLink = new MemoryLink(localAddresses, maxPacketBytes, {
      carry: (packet, from, to) => this.#carry(packet, from, to),
      join: (address) => {
        this.#expectFree(address);
        this.#links.set(address, link);
      },
      leave: (address) => this.#links.delete(address),
    });
    for (const address of localAddresses) this.#links.set(address, link);
    return link;
  }

  #expectFree(address: string): void {
    if (this.#links.has(address))
      throw new SctpError('address-in-use', `${address} is the address of another link`);
  }

  #carry(packet: Uint8Array, from: string, to: string): void {
    for (const delayMs of this.#transit(packet, from, to))
      this.#host.setTimer(delayMs, () => this.#links.get(to)?.arrive(packet, to, from));
  }
}

interface Hub {
  carry(packet: Uint8Array, from: string, to: string): void;
  join(address: string): void;
  leave(address: string): void;
}

/** A link of a {@link MemoryHub}, which makes it. */
export class MemoryLink extends SharedLink {
  #localAddresses: readonly string[];
  readonly #removed = new Set<string>();
  readonly #maxPacketBytes: number;
  readonly #hub: Hub;

  constructor(localAddresses: readonly string[], maxPacketBytes: number, hub: Hub) {
    super();
    this.#localAddresses = localAddresses;
    this.#maxPacketBytes = maxPacketBytes;
    this.#hub = hub;
  }

  get localAddresses(): readonly string[] {
    return this.#localAddresses;
  }

  /** A further address, for new associations; those that are up need telling (`dynamicAddresses`). @throws SctpError address-in-use */
  addAddress(address: string): void {
    this.#hub.join(address);
    this.#removed.delete(address);
    this.#localAddresses = [...this.#localAddresses, address];
  }

  /** Packets neither come there nor go from there any more. */
  removeAddress(address: string): void {
    this.#hub.leave(address);
    this.#removed.add(address);
    this.#localAddresses = this.#localAddresses.filter((other) => other !== address);
  }

  send(packet: Uint8Array, localAddress: string, remote: PathAddress): void {
    if (!this.#removed.has(localAddress)) this.#hub.carry(packet, localAddress, remote.address);
  }

  /** There is no UDP here. */
  udpPortsToTry(): readonly [number, ...number[]] {
    return [0];
  }

  maxPacketBytes(): number {
    return this.#maxPacketBytes;
  }

  override close(): void {
    super.close();
    for (const address of this.#localAddresses) this.#hub.leave(address);
  }

  /** By the hub: a packet has arrived. Each copy is the receiver's own. */
  arrive(packet: Uint8Array, localAddress: string, from: string): void {
    this.deliver(packet.slice(), localAddress, { address: from, udpPort: 0 });
  }
}
