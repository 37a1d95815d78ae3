import { Handlespace, standardPolicies } from '@rserpool/core';
import type { Element, HandlespaceLimits, HandlespaceOptions } from '@rserpool/core';
import { VirtualClock, VirtualHost } from '@rserpool/testkit';
import { poolHandle } from '@rserpool/wire';
import type { Policy, PoolElementParameter, PoolHandle } from '@rserpool/wire';

export const roundRobin: Policy = { name: 'round-robin' };

/** A handlespace in virtual time. */
export class HandlespaceWorld {
  readonly clock = new VirtualClock(1);
  readonly expired: Element[] = [];
  readonly handlespace: Handlespace;

  constructor(limits: Partial<HandlespaceLimits> = {}, options: Pick<HandlespaceOptions, 'increments'> = {}) {
    this.handlespace = new Handlespace({
      ...options,
      host: new VirtualHost(this.clock, 'handlespace'),
      limits: {
        maxPools: 1e6,
        maxElementsPerPool: 1e6,
        maxPoolHandleBytes: 64,
        maxAddressesPerElement: 4,
        ...limits,
      },
      policies: standardPolicies(),
      onExpired: (element) => this.expired.push(element),
    });
  }

  /** Registers an element that must be accepted. */
  register(handle: string, elementId: number, changes: Partial<PoolElementParameter> = {}): Element {
    const result = this.handlespace.register(poolHandle(handle), parameterOf(elementId, changes));
    if (!result.ok) throw new Error(result.text);
    return result.element;
  }
}

export function parameterOf(
  elementId: number,
  changes: Partial<PoolElementParameter> = {},
): PoolElementParameter {
  return {
    elementId,
    homeRegistrarId: 1,
    registrationLifeMs: Infinity,
    userTransport: { protocol: 'sctp', port: 7, use: 'data', addresses: ['127.0.0.1'] },
    policy: roundRobin,
    ...changes,
  };
}

/** The PE checksum as RFC 5353 section 3.6.2 and RFC 1071 describe it: byte blocks, 16-bit words, carries folded in. */
export function naiveChecksum(
  elements: Iterable<{ readonly handle: PoolHandle; readonly elementId: number }>,
): number {
  let sum = 0;
  for (const { handle, elementId } of elements) {
    const bytes = Array.from(handle, (character) => character.charCodeAt(0));
    while (bytes.length % 4 !== 0) bytes.push(0);
    for (const shift of [24, 16, 8, 0]) bytes.push((elementId >>> shift) & 0xff);
    for (let index = 0; index < bytes.length; index += 2) {
      sum += ((bytes[index] ?? 0) << 8) | (bytes[index + 1] ?? 0);
      sum = (sum & 0xffff) + (sum >>> 16);
    }
  }
  return ~sum & 0xffff;
}
