import type { ErrorCause } from '../parameters/operation-error.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';

/** ASAP_DEREGISTRATION_RESPONSE (RFC 5352 section 2.2.4): the answer to a deregistration, or the end of a registration's life. */
export interface DeregistrationResponse {
  readonly type: 'deregistration-response';
  readonly poolHandle: PoolHandle;
  readonly elementId: number;
  /** Empty: granted. */
  readonly causes: readonly ErrorCause[];
}
