import type { PoolHandle } from '../parameters/pool-handle.ts';

/** ASAP_ENDPOINT_KEEP_ALIVE (RFC 5352 section 2.2.7), registrar to pool element. */
export interface EndpointKeepAlive {
  readonly type: 'endpoint-keep-alive';
  /** H bit: the sender wants to be the element's home registrar. */
  readonly home: boolean;
  readonly registrarId: number;
  readonly poolHandle: PoolHandle;
  /** RSPLIB names the element; the RFC does not. Always set by our registrars, sent under profile `rsplib` only. */
  readonly elementId?: number;
}
