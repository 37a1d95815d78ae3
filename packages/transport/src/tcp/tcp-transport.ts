import { Socket, connect as connectTcp, createServer } from 'node:net';
import type { Server } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import type { Association, AssociationHandler, Endpoint, TransportPort } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';
import { transportLimits, transportTiming } from '../limits.ts';
import type { TransportLimits, TransportTiming } from '../limits.ts';
import { TransportError, transportErrorOf } from '../transport-error.ts';
import { limitedLog } from '../transport-log.ts';
import type { TransportLog } from '../transport-log.ts';
import { tcpTarget, tcpTransportOf } from './tcp-address.ts';
import { TcpAssociation } from './tcp-association.ts';
import type { AcceptingRole, ConnectingRole } from './tcp-association.ts';
import type { TlsTransportOptions } from './tls-options.ts';

export interface TcpTransportOptions {
  /** TLS in place of plain TCP, in both directions. */
  readonly tls?: TlsTransportOptions;
  /** Defaults: defaultTransportLimits. */
  readonly limits?: Partial<TransportLimits>;
  /** Defaults: defaultTransportTiming. */
  readonly timing?: Partial<TransportTiming>;
  /** Also accepts ASAP without framing, for the ASAP port of a registrar (RFC 5352 section 2.1). Default false. */
  readonly acceptBareAsap?: boolean;
  /** Default: nothing is logged. */
  readonly log?: TransportLog;
}

/** Associations over TCP or TLS with the framing of docs/tcp-framing.md. */
export class TcpTransport implements TransportPort {
  readonly #options: TcpTransportOptions;
  readonly #limits: TransportLimits;
  readonly #timing: TransportTiming;
  readonly #log: TransportLog;

  /** @throws TransportError invalid-argument for limits or timing out of range */
  constructor(options: TcpTransportOptions = {}) {
    this.#options = options;
    this.#limits = transportLimits(options.limits);
    this.#timing = transportTiming(options.timing);
    this.#log = limitedLog(options.log);
  }

  connect(remote: MessageTransport, handler: AssociationHandler): Association {
    return this.#open(remote, handler, undefined);
  }

  async listen(
    local: MessageTransport,
    accept: (association: Association) => AssociationHandler,
  ): Promise<Endpoint> {
    const target = tcpTarget(local);
    if (typeof target === 'string') throw new TransportError('unsupported', `listen: ${target}`);
    const associations = new Set<TcpAssociation>();
    const server = this.#createServer((socket) => this.#associate(associations, socket, { accept }));
    await listening(server, target);
    server.on('error', (error) => this.#log('error', 'cannot accept', { text: error.message }));
    return this.#endpoint(server, associations);
  }

  #endpoint(server: Server, associations: Set<TcpAssociation>): Endpoint {
    const connections = new Set<Socket>();
    server.on('connection', (connection: Socket) => {
      connections.add(connection);
      connection.on('close', () => connections.delete(connection));
    });
    const bound = server.address();
    const local =
      typeof bound === 'object'
        ? tcpTransportOf(bound?.address, bound?.port)
        : tcpTransportOf(undefined, undefined);
    return {
      local,
      /** From the endpoint's address, but from a port of its own: TCP is not one-to-many. */
      connect: (remote, handler) => this.#open(remote, handler, specific(local.addresses[0]), associations),
      close: () => {
        server.close();
        for (const association of associations) association.abort();
        for (const connection of connections) connection.destroy(); // those in a TLS handshake
      },
    };
  }

  #createServer(onConnection: (socket: Socket) => void): Server {
    const { tls } = this.#options;
    const server = tls === undefined ? createServer(onConnection) : this.#createTlsServer(tls, onConnection);
    server.maxConnections = this.#limits.maxAssociationsPerEndpoint;
    server.on('drop', (peer) =>
      this.#log('warn', 'connection refused', {
        text: `more than ${this.#limits.maxAssociationsPerEndpoint} associations`,
        address: peer?.remoteAddress,
        port: peer?.remotePort,
      }),
    );
    return server;
  }

  #createTlsServer(tls: TlsTransportOptions, onConnection: (socket: Socket) => void): Server {
    if (tls.server === undefined)
      throw new TransportError('unsupported', 'listen: TLS without server options');
    const options = { handshakeTimeout: this.#timing.handshakeTimeoutMs, ...tls.server };
    const server = createTlsServer(options, onConnection);
    server.on('tlsClientError', (error, socket) => {
      const { remoteAddress, remotePort } = socket;
      this.#log('warn', 'connection refused', {
        text: `TLS: ${error.message}`,
        address: remoteAddress,
        port: remotePort,
      });
      socket.destroy();
    });
    return server;
  }

  #open(
    remote: MessageTransport,
    handler: AssociationHandler,
    localAddress: string | undefined,
    associations?: Set<TcpAssociation>,
  ): Association {
    const role: ConnectingRole = { remote, handler };
    const target = tcpTarget(remote);
    if (typeof target === 'string') {
      const association = this.#associate(associations, new Socket(), role);
      queueMicrotask(() => association.fail('unreachable', target));
      return association;
    }
    const to = localAddress === undefined ? target : { ...target, localAddress };
    const { tls } = this.#options;
    const socket = tls === undefined ? connectTcp(to) : connectTls({ ...tls.client, ...to });
    const association = this.#associate(associations, socket, role);
    socket.once(tls === undefined ? 'connect' : 'secureConnect', () => association.connected());
    return association;
  }

  #associate(
    associations: Set<TcpAssociation> | undefined,
    socket: Socket,
    role: ConnectingRole | AcceptingRole,
  ): TcpAssociation {
    const limits = this.#limits;
    const timing = this.#timing;
    const log = this.#log;
    const acceptBareAsap = 'accept' in role && this.#options.acceptBareAsap === true;
    const association = new TcpAssociation({ socket, limits, timing, log, acceptBareAsap, role });
    associations?.add(association);
    socket.once('close', () => associations?.delete(association));
    return association;
  }
}

/** @throws TransportError when the server cannot be bound */
async function listening(server: Server, target: { host: string; port: number }): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(target, () => {
        server.off('error', reject);
        resolve();
      });
    });
  } catch (cause) {
    throw transportErrorOf(`listen on ${target.host} port ${target.port}`, cause);
  }
}

/** The address to connect from; undefined for the wildcard, where the routing table chooses. */
function specific(address: string | undefined): string | undefined {
  return address === '0.0.0.0' || address === '::' ? undefined : address;
}
