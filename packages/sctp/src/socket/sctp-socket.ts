import { setMaxListeners } from 'node:events';
import type { AssociationHandler } from '../association/association-handler.ts';
import type { SctpAssociation } from '../association/sctp-association.ts';
import type { SctpHost } from '../endpoint/sctp-host.ts';
import { SctpEndpoint } from '../endpoint/sctp-endpoint.ts';
import type { ConnectOptions, EndpointOptions } from '../endpoint/sctp-endpoint.ts';
import { NodeHost } from '../link/node-host.ts';
import { openUdpLink } from '../link/open-udp-link.ts';
import type { OpenUdpLinkOptions } from '../link/open-udp-link.ts';
import type { SharedLink } from '../link/shared-link.ts';
import type { UdpLink } from '../link/udp-link.ts';
import { SctpError } from '../sctp-error.ts';
import { IncomingQueue } from './incoming-queue.ts';
import { peerAddressOf } from './peer.ts';
import type { Peer } from './peer.ts';
import { SocketAssociation } from './socket-association.ts';

/** How long a client's socket goes on answering the peer whose last packets were lost. */
const lingerMs = 10_000;

export interface SocketOptions
  extends OpenUdpLinkOptions, Pick<EndpointOptions, 'parameters' | 'limits' | 'streams' | 'extensions'> {
  /** A link that is open already, which other sockets may use too; `addresses`, `udpPort`, `peerUdpPorts` and `mtuBytes` are then its own. */
  readonly link?: SharedLink;
  /** Default: nothing is logged. */
  readonly log?: SctpHost['log'];
}

export interface BindOptions extends SocketOptions {
  /** Associations that wait to be taken; above, further ones are aborted. Default: 1,024. */
  readonly backlog?: number;
}

export interface SocketConnectOptions extends ConnectOptions {
  /** Gives up connecting, and aborts the association once it is up. */
  readonly signal?: AbortSignal;
}

/** A one-to-many socket: an SCTP port at one or more addresses. Iterate over it for the associations that peers open. */
export class SctpSocket implements AsyncIterable<SocketAssociation>, AsyncDisposable {
  readonly #endpoint: SctpEndpoint;
  readonly #link: SharedLink;
  /** The link, where it is of this socket alone. */
  readonly #ownLink: UdpLink | undefined;
  readonly #associations = new Set<SocketAssociation>();
  readonly #accepted: IncomingQueue<SocketAssociation>;
  #isRefusing = false;
  #isClosed = false;

  /**
   * A socket that accepts associations.
   * @throws SctpError address-in-use, address-not-available, invalid-argument, socket-failed
   */
  static bind(options: BindOptions = {}): Promise<SctpSocket> {
    return new Promise((resolve) => resolve(new SctpSocket(options, options.backlog ?? 1_024)));
  }

  /**
   * Opens an association from a socket of its own, which accepts none and goes when the association ends; at any free UDP port.
   * @throws SctpError unreachable; aborted, with the signal's reason as cause; or as {@link bind}
   */
  static async connect(
    peer: Peer,
    options: SocketOptions & SocketConnectOptions = {},
  ): Promise<SocketAssociation> {
    const socket = new SctpSocket({ udpPort: 0, ...options }, undefined);
    try {
      const association = await socket.connect(peer, options);
      association.once('end', () => socket.#linger());
      return association;
    } catch (error) {
      socket.abort();
      throw error;
    }
  }

  private constructor(options: SocketOptions, backlog: number | undefined) {
    const { link } = options;
    const opened =
      link === undefined ? openUdpLink(options) : { link, port: options.port ?? link.allocatePort() };
    this.#link = opened.link;
    this.#ownLink = link === undefined ? (opened.link as UdpLink) : undefined;
    try {
      const host = new NodeHost(options.log);
      this.#endpoint = new SctpEndpoint(host, opened.link, {
        ...options,
        port: opened.port,
        ...(backlog === undefined ? {} : { accept: (association) => this.#accept(association) }),
      });
      opened.link.attach(opened.port, this.#endpoint);
      opened.link.attachDefault(new SctpEndpoint(host, opened.link, { port: 0 }));
    } catch (error) {
      this.#ownLink?.close();
      throw error;
    }
    this.#accepted = new IncomingQueue({
      costOf: () => 1,
      highWater: backlog ?? 1,
      flow: { pause: () => void (this.#isRefusing = true), resume: () => void (this.#isRefusing = false) },
    });
  }

  /** SCTP port. */
  get port(): number {
    return this.#endpoint.port;
  }

  /** What peers are told. */
  get localAddresses(): readonly string[] {
    return this.#endpoint.localAddresses;
  }

  /** 0 where the link is not UDP, or not this socket's own. */
  get udpPort(): number {
    return this.#ownLink?.udpPort ?? 0;
  }

  /** Those that are not over, accepted and opened. */
  get associations(): ReadonlySet<SocketAssociation> {
    return this.#associations;
  }

  /**
   * Opens an association; resolves when it is up.
   * @throws SctpError unreachable; aborted, with the signal's reason as cause; already-connected; closed
   */
  async connect(peer: Peer, options: SocketConnectOptions = {}): Promise<SocketAssociation> {
    const { signal } = options;
    const address = await peerAddressOf(peer);
    if (this.#isClosed) throw new SctpError('closed', 'the socket is closed');
    throwIfAborted(signal);
    const association = new SocketAssociation((handler) => this.#endpoint.connect(address, handler, options));
    this.#adopt(association);
    if (signal !== undefined) abortWith(signal, association);
    try {
      await association.up;
    } catch (error) {
      throwIfAborted(signal);
      throw error;
    }
    return association;
  }

  /** Associations that peers open, as they come. Ends when the socket is closed. */
  [Symbol.asyncIterator](): AsyncIterator<SocketAssociation, undefined> {
    return this.#accepted;
  }

  /** Accepts no more, closes every association in order, and lets the port go; resolves then. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled([...this.#associations].map((association) => association.close()));
    this.abort();
  }

  /** Aborts every association and lets the port go, at once. */
  abort(): void {
    this.#isClosed = true;
    this.#endpoint.close();
    this.#link.detach(this.port);
    this.#ownLink?.close();
    this.#accepted.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(association: SctpAssociation): AssociationHandler {
    if (this.#isRefusing || this.#isClosed) {
      association.abort('too many associations wait to be taken');
      return { onMessage: () => undefined, onDown: () => undefined };
    }
    const accepted = new SocketAssociation(() => association);
    this.#adopt(accepted);
    this.#accepted.push(accepted);
    return accepted.handler;
  }

  #adopt(association: SocketAssociation): void {
    this.#associations.add(association);
    association.once('end', () => this.#associations.delete(association));
  }

  /** The peer may not have got the last packet; if the process has nothing else to do, it need not wait for that. */
  #linger(): void {
    this.#ownLink?.unref();
    setTimeout(() => this.abort(), lingerMs).unref();
  }
}

function abortWith(signal: AbortSignal, association: SocketAssociation): void {
  const abort = (): void => association.abort();
  setMaxListeners(0, signal); // one signal may well be for a thousand associations
  signal.addEventListener('abort', abort, { once: true });
  association.once('end', () => signal.removeEventListener('abort', abort));
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true)
    throw new SctpError('aborted', 'the caller gave up connecting', { cause: signal.reason });
}
