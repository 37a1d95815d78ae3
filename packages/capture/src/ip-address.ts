import { formatIpv6 } from '@rserpool/wire';
import { dataView } from './data-view.ts';

/** Dotted decimal text of an IPv4 address. */
export function ipv4Text(address: Uint8Array): string {
  return address.join('.');
}

/** Text of an IPv6 address as RFC 5952 section 4 writes it. */
export function ipv6Text(address: Uint8Array): string {
  const view = dataView(address);
  return formatIpv6(Uint16Array.from({ length: 8 }, (_, index) => view.getUint16(2 * index)));
}
