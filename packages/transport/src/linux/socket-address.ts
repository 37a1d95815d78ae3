import { isIP } from 'node:net';
import { formatIpv6, isIpv4Mapped, parseIpv4, parseIpv6 } from '@rserpool/wire';
import type { IpAddress } from '@rserpool/wire';
import { StructLayout } from './struct-layout.ts';

export const AddressFamily = { ipv4: 2, ipv6: 10 } as const;

/** struct sockaddr_in, without its padding to 16 bytes. */
const ipv4Layout = new StructLayout({ family: 'u16', port: 'u16be', address: 'u32be' });
const ipv4SizeBytes = 16;

/** struct sockaddr_in6, whose 16 bytes of address are read and written apart. */
const ipv6Layout = new StructLayout({
  family: 'u16',
  port: 'u16be',
  flowInfo: 'u32be',
  address0: 'u32be',
  address1: 'u32be',
  address2: 'u32be',
  address3: 'u32be',
  scope: 'u32',
});

export interface SocketAddress {
  readonly address: IpAddress;
  readonly port: number;
}

/** The family of a socket that has to do with these addresses: an IPv6 socket speaks IPv4 too. */
export function familyOf(addresses: readonly IpAddress[]): number {
  return addresses.some((address) => isIP(address) === 6) ? AddressFamily.ipv6 : AddressFamily.ipv4;
}

/** A struct sockaddr_in or sockaddr_in6. @returns undefined for what is no IP address */
export function encodeSocketAddress({ address, port }: SocketAddress): Uint8Array | undefined {
  const ipv4 = parseIpv4(address);
  if (ipv4 >= 0) {
    const bytes = new Uint8Array(ipv4SizeBytes);
    ipv4Layout.write(new DataView(bytes.buffer), 0, { family: AddressFamily.ipv4, port, address: ipv4 });
    return bytes;
  }
  const groups = new Uint16Array(8);
  if (!parseIpv6(address, groups)) return undefined;
  const bytes = ipv6Layout.encode({ family: AddressFamily.ipv6, port });
  const view = new DataView(bytes.buffer);
  groups.forEach((group, index) => view.setUint16(ipv6Layout.offsets.address0 + 2 * index, group));
  return bytes;
}

/** Several addresses without gaps, as bindx and connectx take them. @returns undefined when one is no IP address */
export function packSocketAddresses(addresses: readonly IpAddress[], port: number): Uint8Array | undefined {
  const encoded = addresses.map((address) => encodeSocketAddress({ address, port }));
  const known = encoded.filter((bytes) => bytes !== undefined);
  return known.length === encoded.length ? Uint8Array.from(known.flatMap((bytes) => [...bytes])) : undefined;
}

/** Reads one of the two structures; IPv4-mapped as IPv4. @returns undefined for another family, or too few bytes */
export function decodeSocketAddress(bytes: Uint8Array): SocketAddress | undefined {
  const sizeBytes = socketAddressSizeBytes(bytes);
  if (sizeBytes === undefined || bytes.length < sizeBytes) return undefined;
  const port = ipv4Layout.read(bytes, 'port');
  if (sizeBytes === ipv4SizeBytes) return { address: ipv4Text(bytes, ipv4Layout.offsets.address), port };
  return { address: decodeIpv6(bytes.subarray(ipv6Layout.offsets.address0)), port };
}

/** Several without gaps, as the kernel returns them. */
export function unpackSocketAddresses(bytes: Uint8Array, count: number): SocketAddress[] {
  const addresses: SocketAddress[] = [];
  let rest = bytes;
  for (let index = 0; index < count; index += 1) {
    const address = decodeSocketAddress(rest);
    if (address === undefined) break;
    addresses.push(address);
    rest = rest.subarray(socketAddressSizeBytes(rest));
  }
  return addresses;
}

/** The text of 16 bytes in network order; IPv4-mapped as IPv4. */
export function decodeIpv6(bytes: Uint8Array): IpAddress {
  const view = new DataView(bytes.buffer, bytes.byteOffset, 16);
  const groups = Uint16Array.from({ length: 8 }, (_, index) => view.getUint16(2 * index));
  return isIpv4Mapped(groups) ? ipv4Text(bytes, 12) : formatIpv6(groups);
}

export function ipv4Text(bytes: Uint8Array, at: number): IpAddress {
  return bytes.subarray(at, at + 4).join('.');
}

function socketAddressSizeBytes(bytes: Uint8Array): number | undefined {
  if (bytes.length < 2) return undefined;
  const family = ipv4Layout.read(bytes, 'family');
  if (family === AddressFamily.ipv4) return ipv4SizeBytes;
  return family === AddressFamily.ipv6 ? ipv6Layout.sizeBytes : undefined;
}
