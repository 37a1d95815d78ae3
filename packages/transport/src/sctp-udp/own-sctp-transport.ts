import type { Association, AssociationHandler, Endpoint, TransportPort } from '@rserpool/core';
import { SctpEndpoint, SctpError } from '@rserpool/sctp';
import type { SctpHost } from '@rserpool/sctp';
import type { IpAddress, MessageTransport } from '@rserpool/wire';
import { transportLimits, transportTiming } from '../limits.ts';
import type { TransportLimits, TransportTiming } from '../limits.ts';
import { TransportError, transportErrorOf } from '../transport-error.ts';
import type { SctpLinks, TakenPort } from './sctp-links.ts';
import { endpointLimitsOf, protocolParametersOf, streams } from './sctp-parameters.ts';
import { SctpUdpAssociation, sctpTransportOf } from './sctp-udp-association.ts';
import type { ConnectingRole } from './sctp-udp-association.ts';
import { UnreachableAssociation } from './unreachable-association.ts';

export interface OwnSctpTransportOptions {
  readonly host: SctpHost;
  readonly links: SctpLinks;
  /** Defaults: defaultTransportLimits. */
  readonly limits: Partial<TransportLimits> | undefined;
  /** Defaults: defaultTransportTiming. */
  readonly timing: Partial<TransportTiming> | undefined;
}

/** Associations over this project's own SCTP (RFC 9260), on whatever links. */
export class OwnSctpTransport implements TransportPort {
  readonly #limits: TransportLimits;
  readonly #timing: TransportTiming;
  readonly #host: SctpHost;
  readonly #links: SctpLinks;

  /** @throws TransportError invalid-argument for limits or timing out of range */
  constructor({ host, links, limits, timing }: OwnSctpTransportOptions) {
    this.#limits = transportLimits(limits);
    this.#timing = transportTiming(timing);
    this.#host = host;
    this.#links = links;
  }

  /** From a port of its own. Nothing is thrown: whatever fails is 'unreachable'. */
  connect(remote: MessageTransport, handler: AssociationHandler): Association {
    return this.#tryToOpen(remote, handler, () => {
      const bound = this.#bind(this.#links.forClient());
      try {
        return this.#open(bound, remote, handler, bound.release);
      } catch (error) {
        bound.release();
        throw error;
      }
    });
  }

  listen(
    local: MessageTransport,
    accept: (association: Association) => AssociationHandler,
  ): Promise<Endpoint> {
    return new Promise((resolve) => resolve(this.#listen(local, accept)));
  }

  #listen(local: MessageTransport, accept: (association: Association) => AssociationHandler): Endpoint {
    const { protocol, addresses, port } = local;
    if (protocol !== 'sctp')
      throw new TransportError('unsupported', `listen: expected protocol sctp, got ${protocol}`);
    const bound = this.#bindServer(addresses, port, accept);
    return {
      local: sctpTransportOf(bound.endpoint.port, toldAddresses(bound.endpoint.localAddresses)),
      connect: (remote, handler) =>
        this.#tryToOpen(remote, handler, () => this.#open(bound, remote, handler, () => undefined)),
      close: bound.release,
    };
  }

  #bindServer(
    addresses: readonly IpAddress[],
    port: number,
    accept: (association: Association) => AssociationHandler,
  ): BoundEndpoint {
    try {
      return this.#bind(this.#links.forEndpoint(addresses, port), accept);
    } catch (error) {
      throw transportErrorOfSctp(`listen on ${addresses.join(', ')} SCTP port ${port}`, error);
    }
  }

  /** @throws SctpError */
  #bind(
    { link, port, giveBack }: TakenPort,
    accept?: (association: Association) => AssociationHandler,
  ): BoundEndpoint {
    try {
      const endpoint = new SctpEndpoint(this.#host, link, {
        port,
        parameters: protocolParametersOf(this.#timing),
        limits: endpointLimitsOf(this.#limits),
        streams,
        ...(accept === undefined
          ? {}
          : { accept: (association) => this.#associate(() => association).accepted(accept) }),
      });
      link.attach(port, endpoint);
      let isReleased = false;
      const release = (): void => {
        if (isReleased) return;
        isReleased = true;
        endpoint.close();
        link.detach(port);
        giveBack();
      };
      return { endpoint, release };
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  #open(
    { endpoint }: BoundEndpoint,
    remote: MessageTransport,
    handler: AssociationHandler,
    onGone: () => void,
  ): Association {
    const { protocol, port } = remote;
    const [first, ...others] = remote.addresses;
    if (protocol !== 'sctp' || first === undefined)
      throw new TransportError('unsupported', `expected protocol sctp and an address, got ${protocol}`);
    return this.#associate(
      (sctpHandler) => endpoint.connect({ addresses: [first, ...others], port }, sctpHandler),
      {
        remote,
        handler,
        onGone,
      },
    );
  }

  #associate(
    open: ConstructorParameters<typeof SctpUdpAssociation>[1],
    connecting?: ConnectingRole,
  ): SctpUdpAssociation {
    const options = { host: this.#host, limits: this.#limits, timing: this.#timing };
    return new SctpUdpAssociation(options, open, connecting);
  }

  #tryToOpen(remote: MessageTransport, handler: AssociationHandler, open: () => Association): Association {
    try {
      return open();
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      const { addresses, port } = remote;
      this.#host.log('warn', 'association down', {
        reason: 'unreachable',
        text,
        address: addresses[0],
        port,
      });
      return new UnreachableAssociation(remote, handler, this.#limits.maxMessageBytes);
    }
  }
}

/** An SCTP endpoint on a link. */
interface BoundEndpoint {
  readonly endpoint: SctpEndpoint;
  /** Aborts what is up and lets the port go. */
  readonly release: () => void;
}

/** What others are told: loopback addresses only where there is nothing else. */
function toldAddresses(addresses: readonly IpAddress[]): readonly IpAddress[] {
  const others = addresses.filter((address) => address !== '::1' && !address.startsWith('127.'));
  return others.length > 0 ? others : addresses;
}

function transportErrorOfSctp(what: string, error: unknown): TransportError {
  if (!(error instanceof SctpError)) return transportErrorOf(what, error);
  switch (error.code) {
    case 'address-in-use':
    case 'address-not-available':
    case 'invalid-argument':
      return new TransportError(error.code, `${what}: ${error.message}`, { cause: error });
    default:
      return transportErrorOf(what, error.cause ?? error);
  }
}
