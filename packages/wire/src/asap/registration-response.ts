import type { ErrorCause } from '../parameters/operation-error.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';

/** ASAP_REGISTRATION_RESPONSE (RFC 5352 section 2.2.3), registrar to pool element. */
export interface RegistrationResponse {
  readonly type: 'registration-response';
  readonly rejected: boolean;
  readonly poolHandle: PoolHandle;
  readonly elementId: number;
  /** Why it was rejected; when not rejected, a warning. Empty: no Operation Error parameter. */
  readonly causes: readonly ErrorCause[];
}
