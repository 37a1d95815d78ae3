import type { IpAddress, MessageTransport, Transport } from '@rserpool/wire';

/** The IP addresses of a transport; none where only the application understands it. */
export function addressesOf(transport: Transport): readonly IpAddress[] {
  return transport.protocol === 'opaque' ? [] : transport.addresses;
}

/** Whether two lists of addresses have one in common. */
export function shareAddress(one: readonly IpAddress[], other: readonly IpAddress[]): boolean {
  return one.some((address) => other.includes(address));
}

/** Whether two transports name the same endpoint: a registrar that is known by one and configured by the other. */
export function sameEndpoint(one: MessageTransport, other: MessageTransport): boolean {
  return (
    one.protocol === other.protocol && one.port === other.port && shareAddress(one.addresses, other.addresses)
  );
}

/**
 * Where a registrar is reached that describes itself as `described` and was heard from `source`: addresses that it was not
 * heard from are not believed, as no one shall make us connect to a third party.
 */
export function credibleTransport(
  described: MessageTransport,
  source: readonly IpAddress[],
): MessageTransport {
  return shareAddress(described.addresses, source) ? described : { ...described, addresses: source };
}
