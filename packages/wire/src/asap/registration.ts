import type { PoolElementParameter } from '../parameters/pool-element.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';

/** ASAP_REGISTRATION (RFC 5352 section 2.2.1), pool element to registrar. */
export interface Registration {
  readonly type: 'registration';
  readonly poolHandle: PoolHandle;
  readonly element: PoolElementParameter;
}
