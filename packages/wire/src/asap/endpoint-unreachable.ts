import type { PoolHandle } from '../parameters/pool-handle.ts';

/** ASAP_ENDPOINT_UNREACHABLE (RFC 5352 section 2.2.9), pool user or pool element to registrar. */
export interface EndpointUnreachable {
  readonly type: 'endpoint-unreachable';
  readonly poolHandle: PoolHandle;
  readonly elementId: number;
}
