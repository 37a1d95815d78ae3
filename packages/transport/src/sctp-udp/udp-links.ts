import { SctpEndpoint, UdpLink, conventionsBeside } from '@rserpool/sctp';
import type { PeerUdpPorts, SctpHost, UdpLinkOptions, UdpPortConvention } from '@rserpool/sctp';
import type { IpAddress } from '@rserpool/wire';
import { LinkShare } from './link-share.ts';
import { takePort } from './sctp-links.ts';
import type { SctpLinks, TakenPort } from './sctp-links.ts';

/** For how long what opened associations goes on answering peers whose last packets were lost. */
const clientLingerMs = 10_000;

export interface UdpLinksOptions {
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
}

/** One link for all that opens associations; for endpoints one each, or one for those of a UDP port and the same addresses. */
export class UdpLinks implements SctpLinks {
  readonly #host: SctpHost;
  readonly #udpPort: UdpPortConvention;
  readonly #linkOptions: UdpLinkOptions;
  readonly #clients: LinkShare<UdpLink>;
  /** Of endpoints with one UDP port, by their addresses. */
  readonly #servers = new Map<string, LinkShare<UdpLink>>();

  constructor(host: SctpHost, options: UdpLinksOptions) {
    const { udpPort = 'same', peerUdpPorts, mtuBytes, clientAddresses } = options;
    this.#host = host;
    this.#udpPort = udpPort;
    this.#linkOptions = {
      log: (level, event, fields) => host.log(level, event, fields),
      peerUdpPorts: { conventions: conventionsBeside(udpPort), ...peerUdpPorts },
      ...(mtuBytes === undefined ? {} : { mtuBytes }),
    };
    this.#clients = new LinkShare(() => this.#openLink(clientAddresses, 0), clientLingerMs);
  }

  forClient(): TakenPort {
    return takePort(this.#clients, (link) => link.allocatePort());
  }

  forEndpoint(addresses: readonly IpAddress[], port: number): TakenPort {
    const udpPort = this.#udpPort;
    if (udpPort !== 'same')
      return takePort(this.#serverLink(addresses, udpPort), (link) => port || link.allocatePort());
    const link = new LinkShare(() => this.#openLink(addresses, port), 0);
    return takePort(link, ({ udpPort: chosen }) => chosen);
  }

  #serverLink(addresses: readonly IpAddress[], udpPort: number): LinkShare<UdpLink> {
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
}
