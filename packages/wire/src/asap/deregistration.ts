import type { ParameterReader } from '../parameters/parameter-reader.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';
import { readElementReference, writeElementReference } from './element-reference.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x02  |0|0|0|0|0|0|0|0|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   :                     Pool Handle parameter                     :
 *   +---------------------------------------------------------------+
 *   :                    PE Identifier parameter                    :
 *   +---------------------------------------------------------------+
 */

/** ASAP_DEREGISTRATION (RFC 5352 section 2.2.2), pool element to registrar. */
export interface Deregistration {
  readonly type: 'deregistration';
  readonly poolHandle: PoolHandle;
  readonly elementId: number;
}

export function readDeregistration(reader: ParameterReader): Deregistration | null {
  const reference = readElementReference(reader, false);
  if (reference === null) return null;
  return { type: 'deregistration', poolHandle: reference.poolHandle, elementId: reference.elementId };
}

export function writeDeregistration(writer: ParameterWriter, message: Deregistration): void {
  writeElementReference(writer, message);
}
