import type { PoolHandle } from '../parameters/pool-handle.ts';

/** ASAP_DEREGISTRATION (RFC 5352 section 2.2.2), pool element to registrar. */
export interface Deregistration {
  readonly type: 'deregistration';
  readonly poolHandle: PoolHandle;
  readonly elementId: number;
}
