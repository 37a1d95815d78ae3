import { formatIpv6, isIpv4Mapped, parseIpv4, parseIpv6 } from './address-text.ts';
import type { ParameterReader } from './parameter-reader.ts';
import { ParameterType } from './parameter-type.ts';
import { type Parameter, encodeParameters, encodeUint16List, encodeUint32 } from './parameter.ts';

const groups = new Uint16Array(8);

/**
 * The text of the current parameter, which must be an IPv4 Address (RFC 9260 section 3.3.2.1.1) or IPv6 Address (section 3.3.2.1.2):
 * dotted, or canonical (RFC 5952). An IPv4-mapped address, which no sender may use, gives the IPv4 address, so that there is one text
 * for each address.
 */
export function readAddress(reader: ParameterReader): string {
  const { view, value } = reader;
  if (reader.type === ParameterType.ipv4Address) return formatIpv4(reader.uint32());
  if (reader.type !== ParameterType.ipv6Address)
    reader.fail('field-value', 'expected an IPv4 or IPv6 Address');
  reader.expectValue(16);
  for (let index = 0; index < 8; index++) groups[index] = view.getUint16(value + 2 * index);
  return isIpv4Mapped(groups) ? formatIpv4(view.getUint32(value + 12)) : formatIpv6(groups);
}

/** The address parameter for a text; throws RangeError where it is no address. */
export function addressParameter(address: string): Parameter {
  const ipv4 = parseIpv4(address);
  if (ipv4 >= 0) return { type: ParameterType.ipv4Address, value: encodeUint32(ipv4) };
  if (!parseIpv6(address, groups)) throw new RangeError(`expected an IP address, got '${address}'`);
  return { type: ParameterType.ipv6Address, value: encodeUint16List([...groups]) };
}

/** Address parameters one after the other: what a `restart-with-new-addresses` error cause holds. Throws RangeError as above. */
export function encodeAddresses(addresses: readonly string[]): Uint8Array {
  return encodeParameters(addresses.map(addressParameter));
}

function formatIpv4(address: number): string {
  return `${address >>> 24}.${(address >>> 16) & 0xff}.${(address >>> 8) & 0xff}.${address & 0xff}`;
}
