import type { Association, AssociationHandler, Endpoint, TransportPort } from '@rserpool/core';
import { NodeHost, SctpEndpoint, SctpError, UdpLink, conventionsBeside } from '@rserpool/sctp';
import type { PeerUdpPorts, UdpLinkOptions, UdpPortConvention } from '@rserpool/sctp';
import type { IpAddress, MessageTransport } from '@rserpool/wire';
import { transportLimits, transportTiming } from '../limits.ts';
import type { TransportLimits, TransportTiming } from '../limits.ts';
import { TransportError, transportErrorOf } from '../transport-error.ts';
import { limitedLog } from '../transport-log.ts';
import type { TransportLog } from '../transport-log.ts';
import { LinkShare } from './link-share.ts';
import { endpointLimitsOf, protocolParametersOf, streams } from './sctp-parameters.ts';
import { SctpUdpAssociation, sctpTransportOf } from './sctp-udp-association.ts';
import type { ConnectingRole } from './sctp-udp-association.ts';
import { UnreachableAssociation } from './unreachable-association.ts';

/** For how long what opened associations goes on answering peers whose last packets were lost. */
const clientLingerMs = 10_000;

export interface SctpUdpTransportOptions {
  /**
   * UDP port of endpoints. 'same', the default: that of their SCTP port, so that each process of a machine has its own. 9899, as
   * RFC 6951 has it, for peers in kernels; one process of a machine has that. Associations that are opened without an endpoint
   * come from any free UDP port.
   */
  readonly udpPort?: UdpPortConvention;
  /** UDP ports of peers that have not been heard. Default: as `udpPort`, then the other convention. */
  readonly peerUdpPorts?: PeerUdpPorts;
  /** Addresses of associations that are opened without an endpoint. Default: those of all interfaces. */
  readonly clientAddresses?: readonly IpAddress[];
  /** The largest IP packet. Default: 1,500. */
  readonly mtuBytes?: number;
  /** Defaults: defaultTransportLimits. */
  readonly limits?: Partial<TransportLimits>;
  /** Defaults: defaultTransportTiming. */
  readonly timing?: Partial<TransportTiming>;
  /** Default: nothing is logged. */
  readonly log?: TransportLog;
}

/** Associations over SCTP (RFC 9260) in UDP (RFC 6951), of this project's own making: no privilege, no kernel module. */
export class SctpUdpTransport implements TransportPort {
  readonly #limits: TransportLimits;
  readonly #timing: TransportTiming;
  readonly #host: NodeHost;
  readonly #udpPort: UdpPortConvention;
  readonly #linkOptions: UdpLinkOptions;
  /** For associations that are opened without an endpoint. */
  readonly #clients: LinkShare;
  /** Of endpoints with one UDP port, by their addresses. */
  readonly #servers = new Map<string, LinkShare>();

  /** @throws TransportError invalid-argument for limits or timing out of range */
  constructor(options: SctpUdpTransportOptions = {}) {
    this.#limits = transportLimits(options.limits);
    this.#timing = transportTiming(options.timing);
    this.#host = new NodeHost(limitedLog(options.log));
    this.#udpPort = options.udpPort ?? 'same';
    const { peerUdpPorts, mtuBytes, clientAddresses } = options;
    this.#linkOptions = {
      log: this.#host.log,
      peerUdpPorts: { conventions: conventionsBeside(this.#udpPort), ...peerUdpPorts },
      ...(mtuBytes === undefined ? {} : { mtuBytes }),
    };
    this.#clients = new LinkShare(() => this.#openLink(clientAddresses, 0), clientLingerMs);
  }

  /** From a port of its own. Nothing is thrown: whatever fails is 'unreachable'. */
  connect(remote: MessageTransport, handler: AssociationHandler): Association {
    return this.#tryToOpen(remote, handler, () => {
      const bound = this.#bind(this.#clients, (link) => link.allocatePort());
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
    const udpPort = this.#udpPort;
    try {
      if (udpPort !== 'same')
        return this.#bind(
          this.#serverLink(addresses, udpPort),
          (link) => port || link.allocatePort(),
          accept,
        );
      const link = new LinkShare(() => this.#openLink(addresses, port), 0);
      return this.#bind(link, ({ udpPort: chosen }) => chosen, accept);
    } catch (error) {
      throw transportErrorOfSctp(`listen on ${addresses.join(', ')} SCTP port ${port}`, error);
    }
  }

  #serverLink(addresses: readonly IpAddress[], udpPort: number): LinkShare {
    const key = addresses.join(' ');
    const known = this.#servers.get(key);
    if (known !== undefined) return known;
    const share = new LinkShare(() => this.#openLink(addresses, udpPort), 0);
    this.#servers.set(key, share);
    return share;
  }

  #openLink(addresses: readonly IpAddress[] | undefined, udpPort: number): UdpLink {
    const link = new UdpLink({
      ...this.#linkOptions,
      ...(addresses === undefined ? {} : { addresses }),
      udpPort,
    });
    link.attachDefault(new SctpEndpoint(this.#host, link, { port: 0 }));
    return link;
  }

  /** @throws SctpError */
  #bind(
    share: LinkShare,
    choosePort: (link: UdpLink) => number,
    accept?: (association: Association) => AssociationHandler,
  ): BoundEndpoint {
    const link = share.take();
    try {
      const port = choosePort(link);
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
        share.giveBack();
      };
      return { endpoint, release };
    } catch (error) {
      share.giveBack();
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
