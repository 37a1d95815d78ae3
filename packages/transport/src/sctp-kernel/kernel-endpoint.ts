import type { Association, AssociationHandler } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import type { Readiness } from '../linux/readiness.ts';
import type { SocketAddress } from '../linux/socket-address.ts';
import { KernelAssociation } from './kernel-association.ts';
import type {
  KernelAssociationOptions,
  KernelAssociationOwner,
  KernelConnection,
} from './kernel-association.ts';
import type { KernelSocket, Received } from './kernel-socket.ts';
import type { AssociationChange } from './notification.ts';
import { sctpTransportOf } from '../sctp-udp/sctp-udp-association.ts';
import { SctpFlag } from './sctp-structures.ts';

/**
 * A one-to-many socket: hears of new associations and peels each off. What it reads of an association that has ended before that goes
 * to it by its identifier.
 */
export class KernelEndpoint implements KernelAssociationOwner {
  readonly local: MessageTransport;
  readonly #options: KernelAssociationOptions;
  readonly #socket: KernelSocket;
  readonly #accept: ((association: Association) => AssociationHandler) | undefined;
  readonly #readiness: Readiness;
  /** All that are not down. */
  readonly #associations = new Set<KernelAssociation>();
  /** Those that the kernel has on this socket: being opened, or ended before they were peeled off. */
  readonly #onSocket = new Map<number, KernelAssociation>();
  /** Given up before the kernel told that they are up. */
  readonly #abandoned = new Set<number>();
  #isClosed = false;

  /** @param accept undefined for an endpoint that opens one association, and is closed when that is up or down */
  constructor(
    options: KernelAssociationOptions,
    socket: KernelSocket,
    local: MessageTransport,
    accept: ((association: Association) => AssociationHandler) | undefined,
  ) {
    this.#options = options;
    this.#socket = socket;
    this.local = local;
    this.#accept = accept;
    this.#readiness = socket.watch(() => this.#read());
  }

  /** @throws Error with a system code when it cannot even be tried */
  connect(remote: MessageTransport, handler: AssociationHandler): Association {
    const associationId = this.#socket.connect(remote.addresses, remote.port);
    const association = new KernelAssociation(this.#options, this, { local: this.local, remote }, handler);
    this.#associations.add(association);
    this.#onSocket.set(associationId, association);
    return association;
  }

  /** Aborts every association. */
  close(): void {
    for (const association of this.#associations) association.abort();
    this.#closeSocket();
  }

  abandon(association: KernelAssociation): void {
    for (const [associationId, each] of this.#onSocket) {
      if (each !== association) continue;
      this.#abandoned.add(associationId);
      this.#socket.end(associationId, SctpFlag.abort, 'given up');
    }
  }

  restarted(connection: KernelConnection): void {
    const { socket, associationId } = connection;
    if (socket === undefined) return;
    this.#take({ ...connection, ...this.#transports(socket, associationId, undefined, connection.remote) });
  }

  forget(association: KernelAssociation): void {
    this.#associations.delete(association);
    for (const [associationId, each] of this.#onSocket)
      if (each === association) this.#onSocket.delete(associationId);
    this.#closeWhenDone();
  }

  #read(): void {
    while (!this.#isClosed) {
      const received = this.#socket.receive();
      if (typeof received === 'number') break;
      this.#dispatch(received);
    }
    for (const association of this.#onSocket.values()) association.drained();
  }

  #dispatch(received: Received): void {
    const { associationId } = received;
    if (associationId === undefined || this.#isAbandoned(received, associationId)) return;
    const association = this.#onSocket.get(associationId);
    if (received.type !== 'association-change') association?.receive(received);
    else if (received.state === 'up') this.#up(received, association);
    else if (received.state === 'cannot-start') association?.fail('unreachable', 'refused, or no answer');
    else association?.receive(received);
  }

  #up(
    received: AssociationChange & { readonly peer: SocketAddress | undefined },
    opening?: KernelAssociation,
  ): void {
    const { associationId, peer } = received;
    const asked = opening?.remote;
    if (opening === undefined && this.#refuses(associationId, peer)) return;
    const socket = this.#socket.peelOff(associationId);
    if (socket !== undefined) this.#onSocket.delete(associationId);
    const transports = this.#transports(socket ?? this.#socket, associationId, peer, asked);
    const connection = { associationId, socket, ...transports };
    if (opening === undefined) this.#take(connection);
    else opening.opened(connection);
    this.#closeWhenDone();
  }

  #isAbandoned(received: Received, associationId: number): boolean {
    if (!this.#abandoned.has(associationId)) return false;
    if (received.type === 'association-change' && received.state !== 'up')
      this.#abandoned.delete(associationId);
    return true;
  }

  /** A peer's association. */
  #take(connection: KernelConnection): void {
    const { socket, associationId } = connection;
    const accept = this.#accept;
    if (accept === undefined || this.#isClosed) {
      socket?.end(associationId, SctpFlag.abort, 'not expected');
      socket?.close();
      return;
    }
    const association = new KernelAssociation(this.#options, this, connection);
    this.#associations.add(association);
    if (socket === undefined) this.#onSocket.set(associationId, association);
    association.accepted(connection, accept);
  }

  #refuses(associationId: number, peer: SocketAddress | undefined): boolean {
    const { maxAssociationsPerEndpoint } = this.#options.limits;
    if (this.#accept !== undefined && this.#associations.size < maxAssociationsPerEndpoint) return false;
    this.#options.log('warn', 'connection refused', {
      text: `more than ${maxAssociationsPerEndpoint} associations`,
      ...peer,
    });
    this.#socket.end(associationId, SctpFlag.abort, 'too many associations');
    return true;
  }

  /** As the kernel knows them; of an association that has ended it knows only where its notification says it was. */
  #transports(
    socket: KernelSocket,
    associationId: number,
    peer: SocketAddress | undefined,
    asked: MessageTransport | undefined,
  ): { readonly local: MessageTransport; readonly remote: MessageTransport } {
    const local = transportOf(socket.localAddresses(associationId)) ?? this.local;
    const known =
      transportOf(socket.peerAddresses(associationId)) ?? transportOf(peer === undefined ? [] : [peer]);
    if (known === undefined) return { local, remote: asked ?? sctpTransportOf(0, []) };
    const addresses = new Set([
      ...(asked?.addresses.filter((address) => known.addresses.includes(address)) ?? []),
      ...known.addresses,
    ]);
    return { local, remote: { ...(asked ?? known), addresses: [...addresses] } };
  }

  #closeWhenDone(): void {
    if (this.#accept === undefined && this.#onSocket.size === 0) this.#closeSocket();
  }

  #closeSocket(): void {
    this.#isClosed = true;
    this.#readiness.close();
    this.#socket.close();
  }
}

function transportOf(addresses: readonly SocketAddress[]): MessageTransport | undefined {
  const [first] = addresses;
  return (
    first &&
    sctpTransportOf(
      first.port,
      addresses.map(({ address }) => address),
    )
  );
}
