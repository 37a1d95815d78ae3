import { CauseCode, encodeTransport } from '@rserpool/wire';
import type {
  ErrorCause,
  IpAddress,
  MessageTransport,
  PoolElementParameter,
  Transport,
} from '@rserpool/wire';
import { addressesOf, shareAddress } from '../addresses.ts';

/** What can be kept of the transports in a registration. */
export type AddressCheck =
  | { readonly ok: true; readonly userTransport: Transport; readonly asapTransport: MessageTransport }
  | { readonly ok: false; readonly cause: ErrorCause; readonly text: string };

/**
 * RFC 5352 section 2.2.1: the addresses of an element must be a subset of those of its association, whatever its user transport
 * is. Others are dropped; none left is an invalid value. Section 3.1 rule 4: the ASAP transport is where the registration came
 * from; an endpoint that the element names itself is preferred where it lies at those addresses, since behind a TCP
 * connection nobody listens.
 */
export function checkAddresses(element: PoolElementParameter, remote: MessageTransport): AddressCheck {
  const userTransport = restricted(element.userTransport, remote.addresses);
  if (userTransport === undefined) {
    return {
      ok: false,
      cause: { code: CauseCode.invalidValues, data: encodeTransport(element.userTransport) },
      text:
        `registration of element ${element.elementId}: expected user transport addresses out of ` +
        `${remote.addresses.join(', ')}, got ${addressesOf(element.userTransport).join(', ')}`,
    };
  }
  const { asapTransport } = element;
  const named =
    asapTransport !== undefined && shareAddress(asapTransport.addresses, remote.addresses)
      ? { ...asapTransport, addresses: common(asapTransport.addresses, remote.addresses) }
      : remote;
  return { ok: true, userTransport, asapTransport: named };
}

/** The transport without foreign addresses; undefined when none is left. */
function restricted(transport: Transport, allowed: readonly IpAddress[]): Transport | undefined {
  if (transport.protocol === 'opaque') return transport;
  const addresses = common(transport.addresses, allowed);
  if (addresses.length === 0) return undefined;
  return addresses.length === transport.addresses.length ? transport : { ...transport, addresses };
}

function common(addresses: readonly IpAddress[], allowed: readonly IpAddress[]): readonly IpAddress[] {
  return addresses.filter((address) => allowed.includes(address));
}
