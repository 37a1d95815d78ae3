import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { once } from 'node:events';
import type { MessageTransport } from '@rserpool/wire';

/** A network between a client and a server on loopback that can fail: it forwards connections to ports of 127.0.0.1. */
export class TcpProxy {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  /** Listens; @returns where, for what goes on to the given transport. */
  async forwardTo(target: MessageTransport): Promise<MessageTransport> {
    const server = createServer((near) => {
      const far = connect(target.port, target.addresses[0] ?? '127.0.0.1');
      this.#join(near, far);
      this.#join(far, near);
    }).listen(0, '127.0.0.1');
    this.#servers.push(server);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { protocol: 'tcp', port, use: 'data-control', addresses: ['127.0.0.1'] };
  }

  /** Forwards nothing any more, and keeps the connections: neither side can tell. */
  freeze(): void {
    for (const socket of this.#sockets) {
      socket.unpipe();
      socket.pause();
    }
  }

  /** What the kernel does for a process that was killed: all connections end. */
  breakOff(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.breakOff();
    for (const server of this.#servers) server.close();
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
    from.pipe(to);
  }
}
