import type { PoolElementParameter } from '../parameters/pool-element.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';

/** ASAP_BUSINESS_CARD (RFC 5352 section 2.2.13): the sender's pool and a recommended order of failover. */
export interface BusinessCard {
  readonly type: 'business-card';
  readonly poolHandle: PoolHandle;
  readonly elements: readonly PoolElementParameter[];
}
