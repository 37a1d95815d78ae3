/** Addresses that mean something only on this machine are not told to others, and cannot reach them (RFC 9260 section 5.1.2). */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}

export function isLinkLocal(address: string): boolean {
  return address.startsWith('169.254.') || /^fe[89ab]/.test(address);
}

/** Whether one machine, and only one, can have this address. */
export function isUnicast(address: string): boolean {
  if (address.includes(':')) return address !== '::' && !address.startsWith('ff');
  const first = Number(address.split('.', 1)[0]);
  return first > 0 && first < 224;
}

/** Whether packets from one address can reach the other at all. */
export function canReach(localAddress: string, remoteAddress: string): boolean {
  return (
    isUnicast(remoteAddress) &&
    localAddress.includes(':') === remoteAddress.includes(':') &&
    isLoopback(localAddress) === isLoopback(remoteAddress) &&
    isLinkLocal(localAddress) === isLinkLocal(remoteAddress)
  );
}

/** The addresses of ours that a peer at `remoteAddress` is told. */
export function announcedTo(remoteAddress: string, localAddresses: readonly string[]): readonly string[] {
  const loopback = isLoopback(remoteAddress);
  const linkLocal = isLinkLocal(remoteAddress);
  return localAddresses.filter(
    (address) => isLoopback(address) === loopback && (linkLocal || !isLinkLocal(address)),
  );
}

/**
 * Where packets to an address are sent from.
 * @param turn paths take turns with the addresses that will do, so that not all of them depend on one
 */
export function sourceFor(
  remoteAddress: string,
  localAddresses: readonly string[],
  turn: number,
): string | undefined {
  const suitable = localAddresses.filter((address) => canReach(address, remoteAddress));
  return suitable[turn % suitable.length];
}
