import type { ParameterReader } from '../parameters/parameter-reader.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';
import { readElementReference, writeElementReference } from './element-reference.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x09  |0|0|0|0|0|0|0|0|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   :                     Pool Handle parameter                     :
 *   +---------------------------------------------------------------+
 *   :                    PE Identifier parameter                    :
 *   +---------------------------------------------------------------+
 */

/** ASAP_ENDPOINT_UNREACHABLE (RFC 5352 section 2.2.9), pool user or pool element to registrar. */
export interface EndpointUnreachable {
  readonly type: 'endpoint-unreachable';
  readonly poolHandle: PoolHandle;
  readonly elementId: number;
}

export function readEndpointUnreachable(reader: ParameterReader): EndpointUnreachable | null {
  const reference = readElementReference(reader, false);
  if (reference === null) return null;
  return { type: 'endpoint-unreachable', poolHandle: reference.poolHandle, elementId: reference.elementId };
}

export function writeEndpointUnreachable(writer: ParameterWriter, message: EndpointUnreachable): void {
  writeElementReference(writer, message);
}
