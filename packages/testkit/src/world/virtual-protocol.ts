import type { ChannelAcceptor, ChannelConnector } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import { VirtualChannel } from './virtual-channel.ts';
import type { VirtualChannelHandler } from './virtual-channel.ts';
import type { VirtualNode } from './virtual-node.ts';

interface Listener<M> {
  readonly node: VirtualNode;
  readonly accept: (channel: VirtualChannel<M>) => VirtualChannelHandler<M>;
}

/**
 * Who listens where for messages of one type, and how to connect to them: without a codec, the type parameter sees to it
 * that both ends speak the same. One instance belongs to one network.
 */
export class VirtualProtocol<M> {
  readonly #listeners = new Map<string, Listener<M>>();

  /**
   * @param local first address must be the node's own
   * @throws Error when a living process listens there
   */
  listen(node: VirtualNode, local: MessageTransport, acceptor: ChannelAcceptor<M, M>): { close(): void } {
    return this.listenRaw(node, local, acceptor);
  }

  connect(node: VirtualNode, remote: MessageTransport, handler: VirtualChannelHandler<M>): VirtualChannel<M> {
    const local = {
      protocol: remote.protocol,
      port: node.ephemeralPort(),
      use: remote.use,
      addresses: [node.address],
    };
    return this.connectFrom(node, local, remote, handler);
  }

  /** As an engine's host wants it. */
  connector(node: VirtualNode): ChannelConnector<M, M> {
    return (remote, handler) => this.connect(node, remote, handler);
  }

  /** As `listen`, with all that a virtual channel has. */
  listenRaw(
    node: VirtualNode,
    local: MessageTransport,
    accept: (channel: VirtualChannel<M>) => VirtualChannelHandler<M>,
  ): { close(): void } {
    if (local.addresses[0] !== node.address) {
      throw new Error(`listen: expected an address of ${node.address}, got ${local.addresses.join(', ')}`);
    }
    const key = listenerKey(local, node.address);
    if (this.#listeners.get(key)?.node.alive === true) throw new Error(`listen: ${key} is in use`);
    const listener = { node, accept };
    this.#listeners.set(key, listener);
    return {
      close: () => {
        if (this.#listeners.get(key) === listener) this.#listeners.delete(key);
      },
    };
  }

  /** Connects to the first of the remote addresses where any process lives or lived. */
  connectFrom(
    node: VirtualNode,
    local: MessageTransport,
    remote: MessageTransport,
    handler: VirtualChannelHandler<M>,
  ): VirtualChannel<M> {
    const { network } = node;
    const address =
      remote.addresses.find((candidate) => network.lastNode(candidate)) ?? remote.addresses[0] ?? '';
    const link = network.link(node.address, address);
    const opener = new VirtualChannel<M>({ node, link, local, remote });
    opener.open(handler, () => {
      const listener = this.#listeners.get(listenerKey(remote, address));
      if (listener?.node.alive === true) {
        const accepted = new VirtualChannel<M>({ node: listener.node, link, local: remote, remote: local });
        accepted.accept(opener, listener.accept);
      } else if (network.lastNode(address)?.vanished === false) {
        opener.refuse();
      }
    });
    return opener;
  }
}

function listenerKey(transport: MessageTransport, address: string): string {
  return `${transport.protocol} ${address} ${transport.port}`;
}
