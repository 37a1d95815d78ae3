import type { ErrorCause } from '../parameters/operation-error.ts';
import type { Policy } from '../parameters/policy.ts';
import type { PoolElementParameter } from '../parameters/pool-element.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';

/** ASAP_HANDLE_RESOLUTION_RESPONSE (RFC 5352 section 2.2.6), registrar to pool user or pool element. */
export interface HandleResolutionResponse {
  readonly type: 'handle-resolution-response';
  /** A bit: the registrar accepted the request for further responses on change. */
  readonly subscribed: boolean;
  readonly poolHandle: PoolHandle;
  /** The pool's overall policy; absent means Round Robin (or a negative response). */
  readonly policy?: Policy;
  /** In the order of selection. */
  readonly elements: readonly PoolElementParameter[];
  /** Not empty: the response is negative. */
  readonly causes: readonly ErrorCause[];
}
