import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';

/** What the network does to each packet; chances from 0 to 1. */
export interface Impairments {
  readonly lossRate?: number;
  readonly duplicationRate?: number;
  /** A packet that waits so long that later ones pass it. */
  readonly reorderingRate?: number;
  readonly delayMs?: number;
}

const reorderedMs = 5;

/**
 * A network between a client and a server on loopback that can fail. It has the server's address, at another UDP port, and towards the
 * server the client's address: for SCTP all addresses are what they are, only the UDP ports differ, as behind a router.
 */
export class LossyRelay {
  readonly address: string;
  readonly udpPort: number;
  readonly counts = { forwarded: 0, lost: 0, duplicated: 0, reordered: 0 };
  readonly #front: Socket;
  readonly #target: { readonly address: string; readonly udpPort: number };
  readonly #impairments: Impairments;
  readonly #random: () => number;
  /** Towards the server, one for each client. */
  readonly #backs = new Map<string, Promise<Socket>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #isCut = false;
  #isClosed = false;

  /** @param udpPort of the relay; 0, the default, for any: where a client knows one port for many addresses, their relays need the same */
  static async open(
    target: { readonly address: string; readonly udpPort: number },
    impairments: Impairments = {},
    seed = 1,
    udpPort = 0,
  ): Promise<LossyRelay> {
    return new LossyRelay(target, await bound(target.address, udpPort), impairments, seed);
  }

  private constructor(
    target: { readonly address: string; readonly udpPort: number },
    front: Socket,
    impairments: Impairments,
    seed: number,
  ) {
    this.address = target.address;
    this.udpPort = front.address().port;
    this.#target = target;
    this.#front = front;
    this.#impairments = impairments;
    this.#random = seeded(seed);
    front.on('message', (packet, client) => void this.#fromClient(packet, client.address, client.port));
  }

  /** Nothing gets through any more, and nobody is told. */
  cut(): void {
    this.#isCut = true;
  }

  heal(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const back of this.#backs.values()) (await back).close();
    this.#front.close();
  }

  async #fromClient(packet: Uint8Array, address: string, udpPort: number): Promise<void> {
    const key = `${address} ${udpPort}`;
    const known = this.#backs.get(key);
    const opening = known ?? this.#openBack(address, udpPort);
    if (known === undefined) this.#backs.set(key, opening);
    const back = await opening;
    this.#carry(() => back.send(packet, this.#target.udpPort, this.#target.address));
  }

  async #openBack(address: string, udpPort: number): Promise<Socket> {
    const back = await bound(address);
    back.on('message', (packet) => this.#carry(() => this.#front.send(packet, udpPort, address)));
    return back;
  }

  #carry(send: () => void): void {
    const { lossRate = 0, duplicationRate = 0, reorderingRate = 0, delayMs = 0 } = this.#impairments;
    if (this.#isClosed) return;
    if (this.#isCut || this.#random() < lossRate) {
      this.counts.lost += 1;
      return;
    }
    const isDuplicated = this.#random() < duplicationRate;
    const isReordered = this.#random() < reorderingRate;
    if (isDuplicated) this.counts.duplicated += 1;
    if (isReordered) this.counts.reordered += 1;
    this.counts.forwarded += 1;
    this.#after(isReordered ? delayMs + reorderedMs : delayMs, send);
    if (isDuplicated) this.#after(delayMs, send);
  }

  #after(delayMs: number, send: () => void): void {
    if (delayMs === 0) {
      send();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      send();
    }, delayMs);
    this.#timers.add(timer);
  }
}

async function bound(address: string, udpPort = 0): Promise<Socket> {
  const socket = createSocket({
    type: address.includes(':') ? 'udp6' : 'udp4',
    recvBufferSize: 4 * 1024 * 1024,
    sendBufferSize: 4 * 1024 * 1024,
  });
  socket.bind(udpPort, address);
  await once(socket, 'listening');
  return socket;
}

/** Numbers from 0 to 1, the same for the same seed (xorshift32). */
function seeded(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
