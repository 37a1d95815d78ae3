import type { ChannelAcceptor, ChannelConnector } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import { TransportError } from '@rserpool/transport';
import type { StreamedMessageType } from './message-type.ts';
import { Paths } from './paths.ts';
import { VirtualChannel } from './virtual-channel.ts';
import type { VirtualChannelHandler } from './virtual-channel.ts';
import type { VirtualNode } from './virtual-node.ts';

interface Listener<M> {
  readonly node: VirtualNode;
  readonly accept: (channel: VirtualChannel<M>) => VirtualChannelHandler<M>;
  /** What it has accepted and is not down, by the address and port at the other end. */
  readonly accepted: Map<string, VirtualChannel<M>>;
}

/**
 * Who listens where for messages of one type, and how to connect to them: without a codec, the type parameter sees to it
 * that both ends speak the same. One instance belongs to one network.
 */
export class VirtualProtocol<M> {
  readonly #type: StreamedMessageType<M>;
  readonly #listeners = new Map<string, Listener<M>>();

  constructor(type: StreamedMessageType<M> = {}) {
    this.#type = type;
  }

  get name(): string {
    return this.#type.name ?? '';
  }

  /**
   * @param local all addresses must be the node's own
   * @throws TransportError address-in-use when a living process listens there, address-not-available
   */
  listen(node: VirtualNode, local: MessageTransport, acceptor: ChannelAcceptor<M, M>): { close(): void } {
    return this.listenRaw(node, local, acceptor);
  }

  connect(node: VirtualNode, remote: MessageTransport, handler: VirtualChannelHandler<M>): VirtualChannel<M> {
    const local = {
      protocol: remote.protocol,
      port: node.ephemeralPort(),
      use: remote.use,
      addresses: remote.protocol === 'sctp' ? [...node.addresses] : [node.address],
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
    const foreign = local.addresses.find((address) => !node.addresses.includes(address));
    if (foreign !== undefined || local.addresses.length === 0) {
      const expected = `expected an address of ${node.addresses.join(', ')}`;
      throw new TransportError('address-not-available', `listen: ${expected}, got ${foreign ?? 'none'}`);
    }
    const keys = local.addresses.map((address) => listenerKey(local, address));
    const taken = keys.find((key) => this.#listeners.get(key)?.node.alive === true);
    if (taken !== undefined) throw new TransportError('address-in-use', `listen: ${taken} is in use`);
    const listener: Listener<M> = { node, accept, accepted: new Map<string, VirtualChannel<M>>() };
    for (const key of keys) this.#listeners.set(key, listener);
    return {
      close: () => {
        for (const key of keys) if (this.#listeners.get(key) === listener) this.#listeners.delete(key);
      },
    };
  }

  /** Connects to the process that lives, or was the last to live, at the first possible of the remote addresses. */
  connectFrom(
    node: VirtualNode,
    local: MessageTransport,
    remote: MessageTransport,
    handler: VirtualChannelHandler<M>,
  ): VirtualChannel<M> {
    const { network } = node;
    const [near, far] = [nearAddresses(node, local), farAddresses(node, remote)];
    const address = far[0] ?? '';
    const key = listenerKey(remote, address);
    const type = this.#type;
    const paths = new Paths(network, near, far);
    const opener = new VirtualChannel<M>({ node, paths, peerAddress: address, local, remote, type });
    const accept = (listener: Listener<M>): void => {
      if (!opener.isDialling) return;
      if (this.#listeners.get(key) !== listener) {
        opener.refuse();
        return;
      }
      const [here, back] = [listener.node, new Paths(network, far, near)];
      const ends = { local: remote, remote: local, peerAddress: node.address };
      acceptAt(listener, new VirtualChannel<M>({ node: here, paths: back, type, ...ends }), opener);
    };
    opener.open(handler, () => {
      const listener = this.#listeners.get(key);
      // An event of the listener's process: a suspended one does not accept.
      if (listener?.node.alive === true) network.clock.setTimer(0, () => accept(listener), listener.node);
      else if (network.lastNode(address)?.vanished === false) opener.refuse();
    });
    return opener;
  }
}

function acceptAt<M>(listener: Listener<M>, channel: VirtualChannel<M>, opener: VirtualChannel<M>): void {
  const key = `${channel.remote.addresses[0] ?? ''} ${channel.remote.port}`;
  const old = listener.accepted.get(key);
  if (old?.isOrphaned === true) old.endByRestart();
  listener.accepted.set(key, channel);
  channel.accept(opener, listener.accept, () => {
    if (listener.accepted.get(key) === channel) listener.accepted.delete(key);
  });
}

/** An SCTP association has a path for each address, a TCP connection one. */
function nearAddresses(node: VirtualNode, local: MessageTransport): readonly string[] {
  return local.protocol === 'sctp' ? local.addresses : [local.addresses[0] ?? node.address];
}

function farAddresses({ network }: VirtualNode, remote: MessageTransport): readonly string[] {
  const first =
    remote.addresses.find((candidate) => network.lastNode(candidate)) ?? remote.addresses[0] ?? '';
  if (remote.protocol !== 'sctp') return [first];
  const process = network.lastNode(first);
  const others = remote.addresses.filter(
    (address) => address !== first && process !== undefined && network.lastNode(address) === process,
  );
  return [first, ...others];
}

function listenerKey(transport: MessageTransport, address: string): string {
  return `${transport.protocol} ${address} ${transport.port}`;
}
