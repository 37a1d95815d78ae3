import { WireEncodeError } from '../encode-error.ts';
import { maxAddressesPerTransport } from '../limits.ts';
import { formatIpv6, isIpv4Mapped, parseIpv4, parseIpv6 } from './address-text.ts';
import { CauseCode } from './operation-error.ts';
import type { ParameterReader } from './parameter-reader.ts';
import { ParameterType } from './parameter-type.ts';
import type { ParameterWriter } from './parameter-writer.ts';
import type { IpAddress } from './transport.ts';

const groups = new Uint16Array(8);

/*
 * IPv4 Address (RFC 5354 section 3.1) and IPv6 Address (section 3.2):
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |          Type = 0x1           |         Length = 0x8          |
 *   +-------------------------------+-------------------------------+
 *   |                         IPv4 Address                          |
 *   +---------------------------------------------------------------+
 *
 *   +-------------------------------+-------------------------------+
 *   |          Type = 0x2           |         Length = 0x14         |
 *   +-------------------------------+-------------------------------+
 *   |                                                               |
 *   |                         IPv6 Address                          |
 *   |                                                               |
 *   |                                                               |
 *   +---------------------------------------------------------------+
 */

/** Reads the addresses that end a transport parameter: one, or for SCTP as many as the limit allows. */
export function readAddresses(reader: ParameterReader, several: boolean): IpAddress[] {
  const addresses: IpAddress[] = [];
  while (reader.enter()) {
    if (reader.type !== ParameterType.ipv4Address && reader.type !== ParameterType.ipv6Address)
      reader.unexpected();
    else if (!several && addresses.length > 0) reader.fail('expected one address, got another');
    else if (addresses.length === maxAddressesPerTransport) {
      reader.fail(
        `expected at most ${maxAddressesPerTransport} addresses, got more`,
        CauseCode.lackOfResources,
      );
    } else addresses.push(reader.type === ParameterType.ipv4Address ? readIpv4(reader) : readIpv6(reader));
    reader.leave();
  }
  if (addresses.length === 0) reader.missing('an IPv4 or IPv6 Address');
  return addresses;
}

/** Writes the addresses that end a transport parameter. Throws WireEncodeError 'address-count' or 'bad-address'. */
export function writeAddresses(
  writer: ParameterWriter,
  addresses: readonly IpAddress[],
  several: boolean,
): void {
  const most = several ? maxAddressesPerTransport : 1;
  if (addresses.length === 0 || addresses.length > most) {
    throw new WireEncodeError('address-count', `expected 1 to ${most} addresses, got ${addresses.length}`);
  }
  for (const address of addresses) writeAddress(writer, address);
}

function writeAddress(writer: ParameterWriter, address: IpAddress): void {
  const ipv4 = parseIpv4(address);
  if (ipv4 >= 0) writeIpv4(writer, ipv4);
  else if (!parseIpv6(address, groups)) {
    throw new WireEncodeError('bad-address', `expected an IP address, got '${address}'`);
  } else if (isIpv4Mapped(groups)) writeIpv4(writer, (groups[6] ?? 0) * 0x10000 + (groups[7] ?? 0));
  else {
    const start = writer.begin(ParameterType.ipv6Address);
    for (const group of groups) writer.u16(group);
    writer.end(start);
  }
}

function writeIpv4(writer: ParameterWriter, address: number): void {
  const start = writer.begin(ParameterType.ipv4Address);
  writer.u32(address);
  writer.end(start);
}

function readIpv4(reader: ParameterReader): IpAddress {
  return ipv4Text(reader.u32());
}

function readIpv6(reader: ParameterReader): IpAddress {
  for (let index = 0; index < 8; index++) groups[index] = reader.u16();
  if (!isIpv4Mapped(groups)) return formatIpv6(groups);
  return ipv4Text((groups[6] ?? 0) * 0x10000 + (groups[7] ?? 0));
}

// The same addresses come again and again: texts of some that were seen last, each in the slot of its lowest bits.
const recentSlots = 1024;
const recentAddresses = new Float64Array(recentSlots).fill(-1);
const recentTexts: string[] = Array.from({ length: recentSlots }, () => '');

function ipv4Text(address: number): IpAddress {
  const slot = (address ^ (address >>> 16)) & (recentSlots - 1);
  const recent = recentTexts[slot];
  if (recentAddresses[slot] === address && recent !== undefined) return recent;
  const text = `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`;
  recentAddresses[slot] = address;
  recentTexts[slot] = text;
  return text;
}
