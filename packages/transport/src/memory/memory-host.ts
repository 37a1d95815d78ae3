import type { Association, AssociationHandler, Endpoint, TransportPort } from '@rserpool/core';
import type { IpAddress, MessageTransport } from '@rserpool/wire';
import { TransportError } from '../transport-error.ts';
import type { MemoryAssociation } from './memory-association.ts';

const firstEphemeralPort = 49_152;
const wildcards: readonly IpAddress[] = ['0.0.0.0', '::'];

/** How a host opens an association through its network. */
export type MemoryConnect = (
  local: MessageTransport,
  remote: MessageTransport,
  handler: AssociationHandler,
) => MemoryAssociation;

/** An endpoint that accepts, as the network finds it. */
export interface MemoryListener {
  readonly local: MessageTransport;
  readonly accept: (association: Association) => AssociationHandler;
  /** Its associations, accepted and opened, that are not down. */
  readonly associations: Set<MemoryAssociation>;
}

/** The transport of one host of a memory network: TCP and SCTP endpoints, which behave alike. */
export class MemoryHost implements TransportPort {
  readonly addresses: readonly IpAddress[];
  readonly #connectFrom: MemoryConnect;
  readonly #listeners = new Map<string, MemoryListener>();
  #nextPort = firstEphemeralPort;

  constructor(addresses: readonly IpAddress[], connect: MemoryConnect) {
    this.addresses = addresses;
    this.#connectFrom = connect;
  }

  connect(remote: MessageTransport, handler: AssociationHandler): Association {
    return this.#connectFrom(
      this.#bound({ ...remote, port: this.#freePort(remote.protocol) }),
      remote,
      handler,
    );
  }

  listen(
    local: MessageTransport,
    accept: (association: Association) => AssociationHandler,
  ): Promise<Endpoint> {
    const unknown = local.addresses.find((address) => !this.#has(address));
    if (unknown !== undefined)
      return refuse('address-not-available', `${unknown} is not an address of this host`);
    const port = local.port === 0 ? this.#freePort(local.protocol) : local.port;
    const key = keyOf(local.protocol, port);
    if (this.#listeners.has(key)) return refuse('address-in-use', `${local.protocol} port ${port} is in use`);
    const listener: MemoryListener = {
      local: this.#bound({ ...local, port }),
      accept,
      associations: new Set(),
    };
    this.#listeners.set(key, listener);
    return Promise.resolve({
      local: listener.local,
      connect: (remote, handler) => {
        // SCTP is one-to-many; a TCP connection has a port of its own.
        const from =
          remote.protocol === 'sctp'
            ? listener.local
            : this.#bound({ ...remote, port: this.#freePort('tcp') });
        const association = this.#connectFrom(from, remote, handler);
        association.join(listener.associations);
        return association;
      },
      close: () => {
        if (this.#listeners.get(key) === listener) this.#listeners.delete(key);
        for (const association of listener.associations) association.abort();
      },
    });
  }

  listener(protocol: MessageTransport['protocol'], port: number): MemoryListener | undefined {
    return this.#listeners.get(keyOf(protocol, port));
  }

  /** The host is dead: nobody listens any more. */
  clear(): void {
    this.#listeners.clear();
  }

  #has(address: IpAddress): boolean {
    return this.addresses.includes(address) || wildcards.includes(address);
  }

  /** With the addresses of this host: all for SCTP, one for TCP. */
  #bound(transport: MessageTransport): MessageTransport {
    return {
      ...transport,
      addresses: transport.protocol === 'sctp' ? this.addresses : this.addresses.slice(0, 1),
    };
  }

  #freePort(protocol: MessageTransport['protocol']): number {
    for (;;) {
      const port = this.#nextPort;
      this.#nextPort = port === 0xffff ? firstEphemeralPort : port + 1;
      if (!this.#listeners.has(keyOf(protocol, port))) return port;
    }
  }
}

function keyOf(protocol: MessageTransport['protocol'], port: number): string {
  return `${protocol} ${port}`;
}

function refuse(code: 'address-in-use' | 'address-not-available', text: string): Promise<never> {
  return Promise.reject(new TransportError(code, `listen: ${text}`));
}
