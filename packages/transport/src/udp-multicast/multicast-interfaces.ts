import { networkInterfaces } from 'node:os';
import type { IpAddress } from '@rserpool/wire';
import { TransportError } from '../transport-error.ts';

/** An interface of this machine to send and listen on. */
export interface MulticastInterface {
  readonly name: string;
  /** Its address of the group's family. */
  readonly address: IpAddress;
}

/**
 * The interfaces that are up and have an address of the family. All but loopback when none are chosen, and loopback where
 * there is nothing else.
 * @param chosen names ('eth0') or addresses of interfaces
 * @throws TransportError address-not-available when a chosen one does not exist, or there is none at all
 */
export function multicastInterfaces(
  family: 'IPv4' | 'IPv6',
  chosen?: readonly string[],
): readonly MulticastInterface[] {
  const present = Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter((entry) => entry.family === family)
      .map(({ address, internal }) => ({ name, address, internal })),
  );
  if (chosen !== undefined) {
    return chosen.map((wanted) => {
      const found = present.find(({ name, address }) => name === wanted || address === wanted);
      if (found !== undefined) return found;
      const known = present.map(({ name, address }) => `${name} ${address}`).join(', ');
      throw new TransportError(
        'address-not-available',
        `multicast: no interface ${wanted} for ${family}; there is: ${known}`,
      );
    });
  }
  // One address of each is enough: it only names the interface.
  const oneOfEach = present.filter(
    ({ name }, index) => present.findIndex((other) => other.name === name) === index,
  );
  const external = oneOfEach.filter(({ internal }) => !internal);
  const found = external.length > 0 ? external : oneOfEach;
  if (found.length === 0)
    throw new TransportError('address-not-available', `multicast: no interface has an ${family} address`);
  return found;
}
