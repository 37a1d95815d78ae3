import type { PoolHandle } from '../parameters/pool-handle.ts';

/** ASAP_ENDPOINT_KEEP_ALIVE_ACK (RFC 5352 section 2.2.8), pool element to registrar. */
export interface EndpointKeepAliveAck {
  readonly type: 'endpoint-keep-alive-ack';
  readonly poolHandle: PoolHandle;
  readonly elementId: number;
}
