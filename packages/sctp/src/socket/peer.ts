import { lookup } from 'node:dns/promises';
import type { PeerAddress } from '../endpoint/sctp-endpoint.ts';
import { canonicalAddress } from '../link/local-addresses.ts';
import { SctpError } from '../sctp-error.ts';

/** Where a peer is: a name or addresses, of which it tells the others itself. */
export type Peer = (
  | {
      /** A name, all whose addresses are used, or an IP address. */
      readonly host: string;
    }
  | {
      /** IP addresses, the first of which becomes the primary path. */
      readonly addresses: readonly [string, ...string[]];
    }
) & {
  /** SCTP port. */
  readonly port: number;
  /** UDP port of the encapsulation. Default: the link's conventions are tried. */
  readonly udpPort?: number;
};

/** @throws SctpError unreachable for a name that is not known, invalid-argument for what is no address */
export async function peerAddressOf(peer: Peer): Promise<PeerAddress> {
  const { port, udpPort } = peer;
  const [first, ...others] =
    'host' in peer ? await addressesOfHost(peer.host) : peer.addresses.map(canonicalAddress);
  if (first === undefined)
    throw new SctpError('invalid-argument', 'peer: expected at least one address, got none');
  return { addresses: [first, ...others], port, ...(udpPort === undefined ? {} : { udpPort }) };
}

async function addressesOfHost(host: string): Promise<readonly string[]> {
  try {
    const found = await lookup(host, { all: true });
    return found.map(({ address }) => address);
  } catch (cause) {
    throw new SctpError('unreachable', `${host}: the name has no address`, { cause });
  }
}
