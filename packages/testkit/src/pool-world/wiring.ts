import { associationAcceptor, channelConnector, codecChannelDefaults } from '@rserpool/core';
import type { ChannelAcceptor, ChannelConnector, Host, MessageCodec } from '@rserpool/core';
import type { MessageTransport, Profile } from '@rserpool/wire';
import { VirtualGroup } from '../world/virtual-group.ts';
import type { VirtualNode } from '../world/virtual-node.ts';
import { VirtualProtocol } from '../world/virtual-protocol.ts';
import type { VirtualTransport } from '../world/virtual-transport.ts';

/** The end of a way: a process, and what its engine's codec must know. */
export interface WiringEnd<M> {
  readonly node: VirtualNode;
  readonly host: Host;
  readonly codec: MessageCodec<M>;
}

/** How the messages of one protocol travel between processes: as objects, or as bytes. */
export interface Wiring<M> {
  connector(end: WiringEnd<M>): ChannelConnector<M, M>;
  listen(end: WiringEnd<M>, local: MessageTransport, acceptor: ChannelAcceptor<M, M>): void;
  /** Joins the protocol's multicast group. */
  join(end: WiringEnd<M>, onMessage: (message: M, sourceAddress: string) => void): void;
  announce(end: WiringEnd<M>, message: M): void;
}

/** Messages travel as the objects that they are: fast. */
export class TypedWiring<M> implements Wiring<M> {
  readonly #protocol = new VirtualProtocol<M>();
  readonly #group = new VirtualGroup<M>();

  connector({ node }: WiringEnd<M>): ChannelConnector<M, M> {
    return this.#protocol.connector(node);
  }

  listen({ node }: WiringEnd<M>, local: MessageTransport, acceptor: ChannelAcceptor<M, M>): void {
    this.#protocol.listen(node, local, acceptor);
  }

  join({ node }: WiringEnd<M>, onMessage: (message: M, sourceAddress: string) => void): void {
    this.#group.join(node, onMessage);
  }

  announce({ node }: WiringEnd<M>, message: M): void {
    this.#group.send(node, message);
  }
}

/** Messages go through the wire codec, as in production. */
export class ByteWiring<M> implements Wiring<M> {
  readonly #transport: VirtualTransport;
  readonly #profile: Profile;
  readonly #group = new VirtualGroup<Uint8Array>();

  /** @param profile how to speak to whom has not yet spoken */
  constructor(transport: VirtualTransport, profile: Profile) {
    this.#transport = transport;
    this.#profile = profile;
  }

  connector({ node, host, codec }: WiringEnd<M>): ChannelConnector<M, M> {
    const port = this.#transport.port(node);
    return channelConnector((remote, handler) => port.connect(remote, handler), codec, this.#options(host));
  }

  listen(
    { node, host, codec }: WiringEnd<M>,
    local: MessageTransport,
    acceptor: ChannelAcceptor<M, M>,
  ): void {
    const accept = associationAcceptor(acceptor, codec, this.#options(host));
    void this.#transport.port(node).listen(local, accept); // listens at once; in use would be a mistake of the world
  }

  join({ node, host, codec }: WiringEnd<M>, onMessage: (message: M, sourceAddress: string) => void): void {
    this.#group.join(node, (data, source) => {
      const decoded = codec.decode(data, { profile: this.#profile });
      if (decoded.ok) onMessage(decoded.message, source);
      else host.log('debug', 'undecodable announce', { source, error: decoded.error.text });
    });
  }

  announce({ node, codec }: WiringEnd<M>, message: M): void {
    this.#group.send(node, codec.encode(message, this.#profile));
  }

  #options(host: Host): Parameters<typeof channelConnector>[2] {
    return { host, ...codecChannelDefaults, profile: this.#profile };
  }
}
