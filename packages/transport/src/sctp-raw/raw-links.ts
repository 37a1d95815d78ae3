import { RawLink, localAddressesOf } from '@rserpool/sctp';
import type { RawSocket } from '@rserpool/sctp';
import type { IpAddress } from '@rserpool/wire';
import { LinkShare } from '../sctp-udp/link-share.ts';
import { takePort } from '../sctp-udp/sctp-links.ts';
import type { SctpLinks, TakenPort } from '../sctp-udp/sctp-links.ts';

export interface RawLinksOptions {
  /** Addresses of associations that are opened without an endpoint. Default: those of all interfaces. */
  readonly clientAddresses?: readonly IpAddress[];
  /** The largest IP packet. Default: 1,500. */
  readonly mtuBytes?: number;
}

/**
 * A link for each set of addresses. Each hears all SCTP packets of the machine, and takes those for its addresses and ports; others are
 * left unanswered, for they may be another process's.
 */
export class RawLinks implements SctpLinks {
  readonly #openSocket: () => RawSocket;
  readonly #options: RawLinksOptions;
  /** By addresses. */
  readonly #links = new Map<string, LinkShare<RawLink>>();

  constructor(openSocket: () => RawSocket, options: RawLinksOptions) {
    this.#openSocket = openSocket;
    this.#options = options;
  }

  forClient(): TakenPort {
    return this.forEndpoint(this.#options.clientAddresses ?? ['0.0.0.0', '::'], 0);
  }

  forEndpoint(addresses: readonly IpAddress[], port: number): TakenPort {
    return takePort(this.#shareOf(addresses), (link) => port || link.allocatePort());
  }

  #shareOf(addresses: readonly IpAddress[]): LinkShare<RawLink> {
    const key = addresses.join(' ');
    const known = this.#links.get(key);
    if (known !== undefined) return known;
    const share = new LinkShare(() => this.#openLink(addresses), 0);
    this.#links.set(key, share);
    return share;
  }

  #openLink(addresses: readonly IpAddress[]): RawLink {
    const { mtuBytes } = this.#options;
    return new RawLink(this.#openSocket(), {
      localAddresses: localAddressesOf(addresses).map(({ address }) => address),
      ...(mtuBytes === undefined ? {} : { mtuBytes }),
    });
  }
}
