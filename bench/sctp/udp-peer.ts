import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import type { LoadAddress, LoadPeer } from './load-peer.ts';

/** Datagrams that are not acknowledged: as many as fit the receive buffer that Linux gives by default, so that none is lost. */
const window = 64;
const acknowledgeEvery = 32;

/**
 * A ceiling: UDP through Node, a datagram for each message, none kept, none checked. The receiver answers each 32nd, and the
 * sender waits for that, since otherwise most of them would be lost in the receive buffer.
 */
export class UdpPeer implements LoadPeer {
  readonly #socket: Socket = createSocket({
    type: 'udp4',
    lookup: (host, _options, found) => found(null, host, 4),
  });
  #to = 0;
  #onMessages: (count: number) => void = () => undefined;

  async listen(): Promise<LoadAddress> {
    let received = 0;
    this.#socket.on('message', (_data, { port }) => {
      received += 1;
      if (received % acknowledgeEvery === 0) this.#socket.send('!', port, '127.0.0.1');
      this.#onMessages(1);
    });
    await this.#bind();
    return { port: 0, udpPort: this.#socket.address().port };
  }

  async connect({ udpPort }: LoadAddress): Promise<void> {
    this.#to = udpPort;
    await this.#bind();
  }

  onMessages(callback: (count: number) => void): void {
    this.#onMessages = callback;
  }

  async send(count: number, messageBytes: number): Promise<void> {
    if (count % acknowledgeEvery !== 0)
      throw new Error(`the count must be a multiple of ${acknowledgeEvery}`);
    const data = Buffer.alloc(messageBytes);
    let sent = 0;
    let acknowledged = 0;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        for (; sent < count && sent - acknowledged < window; sent += 1)
          this.#socket.send(data, this.#to, '127.0.0.1');
      };
      this.#socket.removeAllListeners('message').on('message', () => {
        acknowledged += acknowledgeEvery;
        if (acknowledged === count) resolve();
        go();
      });
      go();
    });
  }

  async #bind(): Promise<void> {
    const listening = once(this.#socket, 'listening');
    this.#socket.bind(0, '127.0.0.1');
    await listening;
  }
}
