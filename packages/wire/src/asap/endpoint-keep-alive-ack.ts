import type { ParameterReader } from '../parameters/parameter-reader.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';
import { readElementReference, writeElementReference } from './element-reference.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x08  |0|0|0|0|0|0|0|0|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   :                     Pool Handle parameter                     :
 *   +---------------------------------------------------------------+
 *   :                    PE Identifier parameter                    :
 *   +---------------------------------------------------------------+
 */

/** ASAP_ENDPOINT_KEEP_ALIVE_ACK (RFC 5352 section 2.2.8), pool element to registrar. */
export interface EndpointKeepAliveAck {
  readonly type: 'endpoint-keep-alive-ack';
  readonly poolHandle: PoolHandle;
  readonly elementId: number;
}

export function readEndpointKeepAliveAck(reader: ParameterReader): EndpointKeepAliveAck | null {
  const reference = readElementReference(reader, false);
  if (reference === null) return null;
  return {
    type: 'endpoint-keep-alive-ack',
    poolHandle: reference.poolHandle,
    elementId: reference.elementId,
  };
}

export function writeEndpointKeepAliveAck(writer: ParameterWriter, message: EndpointKeepAliveAck): void {
  writeElementReference(writer, message);
}
