import type { Association, AssociationHandler, Endpoint, TransportPort } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';

type Protocol = MessageTransport['protocol'];

/** Several transports as one: the protocol of an address says which. */
export class TransportSet implements TransportPort {
  readonly #members: ReadonlyMap<Protocol, TransportPort>;
  readonly #first: TransportPort;

  /** @param members an address of a protocol that none is for goes to the first, which refuses it: unreachable, or unsupported */
  constructor(members: readonly [Member, ...Member[]]) {
    this.#members = new Map(members);
    this.#first = members[0][1];
  }

  connect(remote: MessageTransport, handler: AssociationHandler): Association {
    return this.#for(remote).connect(remote, handler);
  }

  listen(
    local: MessageTransport,
    accept: (association: Association) => AssociationHandler,
  ): Promise<Endpoint> {
    return this.#for(local).listen(local, accept);
  }

  #for({ protocol }: MessageTransport): TransportPort {
    return this.#members.get(protocol) ?? this.#first;
  }
}

type Member = readonly [protocol: Protocol, transport: TransportPort];
