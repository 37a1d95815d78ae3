import type { IpAddress } from '@rserpool/wire';

/** An address as Node tells it, in the form of IpAddress: IPv4-mapped as IPv4, and without the zone of a link-local one. */
export function ipAddressOf(address: string): IpAddress {
  const withoutZone = address.replace(/%.*$/, '');
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(withoutZone)?.[1] ?? withoutZone;
}
