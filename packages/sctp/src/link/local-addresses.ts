import { SocketAddress, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isLinkLocal } from '../endpoint/address-scope.ts';
import { SctpError } from '../sctp-error.ts';

/** An address to bind. */
export interface LocalAddress {
  /** In canonical text (RFC 5952). */
  readonly address: string;
  /** It was not named but stands for a wildcard: where it cannot be bound, the others will do. */
  readonly optional: boolean;
}

/**
 * The addresses that are meant: each once, and in place of 0.0.0.0 and :: all that the interfaces have of that family, loopback last,
 * since the first is the one that peers prefer. Link-local addresses are left out: they mean nothing without an interface, and
 * SCTP's address parameters have no place for that.
 * @throws SctpError invalid-argument for what is no IP address, address-not-available when none is left
 */
export function localAddressesOf(wanted: readonly string[]): readonly LocalAddress[] {
  const found = new Map<string, LocalAddress>();
  for (const text of wanted) {
    const address = canonicalAddress(text);
    const meant = isWildcard(address)
      ? interfaceAddresses(address).map((each) => ({ address: each, optional: true }))
      : [{ address, optional: false }];
    for (const each of meant) if (!found.has(each.address)) found.set(each.address, each);
  }
  if (found.size === 0)
    throw new SctpError(
      'address-not-available',
      `addresses: no interface of this machine has one for ${wanted.join(', ') || 'an empty list'}`,
    );
  return [...found.values()];
}

/** IPv6 as RFC 5952 writes it; IPv4-mapped as IPv4. @throws SctpError invalid-argument for what is no IP address */
export function canonicalAddress(text: string): string {
  const version = isIP(text);
  if (version === 4) return text;
  if (version === 0 || text.includes('%'))
    throw new SctpError(
      'invalid-argument',
      `address: expected an IP address without zone, got ${JSON.stringify(text)}`,
    );
  const { address } = new SocketAddress({ address: text, family: 'ipv6' });
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1] ?? address;
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

function interfaceAddresses(wildcard: string): string[] {
  const family = wildcard === '::' ? 'IPv6' : 'IPv4';
  const entries = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((entry) => entry.family === family && !isLinkLocal(entry.address));
  const external = entries.filter(({ internal }) => !internal);
  const loopback = entries.filter(({ internal }) => internal);
  return [...external, ...loopback].map(({ address }) => canonicalAddress(address));
}
