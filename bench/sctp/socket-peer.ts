import { SctpSocket } from '@rserpool/sctp';
import type { SocketAssociation } from '@rserpool/sctp';
import type { LoadAddress, LoadPeer } from './load-peer.ts';
import { acknowledged } from './sctp-peer.ts';

/** Our stack as applications use it: promises and async iteration. */
export class SocketPeer implements LoadPeer {
  #association: SocketAssociation | undefined;
  #onMessages: (count: number) => void = () => undefined;

  async listen(): Promise<LoadAddress> {
    const socket = await SctpSocket.bind({ addresses: ['127.0.0.1'], udpPort: 0 });
    void this.#accept(socket);
    return { port: socket.port, udpPort: socket.udpPort };
  }

  async connect({ port, udpPort }: LoadAddress): Promise<void> {
    this.#association = await SctpSocket.connect(
      { host: '127.0.0.1', port, udpPort },
      { addresses: ['127.0.0.1'] },
    );
  }

  onMessages(callback: (count: number) => void): void {
    this.#onMessages = callback;
  }

  async send(count: number, messageBytes: number): Promise<void> {
    const association = this.#association;
    if (association === undefined) throw new Error('not connected');
    const data = new Uint8Array(messageBytes);
    for (let sent = 0; sent < count; sent += 1) await association.send(data);
    await acknowledged(association);
  }

  async #accept(socket: SctpSocket): Promise<void> {
    for await (const association of socket) void this.#receive(association);
  }

  async #receive(association: SocketAssociation): Promise<void> {
    // eslint-disable-next-line @typescript-eslint/no-unused-vars -- only their number matters
    for await (const _message of association) this.#onMessages(1);
  }
}
