import { writeOperationError } from '../parameters/operation-error.ts';
import type { ErrorCause } from '../parameters/operation-error.ts';
import type { ParameterReader } from '../parameters/parameter-reader.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';
import { readElementReference, writeElementReference } from './element-reference.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x04  |0|0|0|0|0|0|0|0|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   :                     Pool Handle parameter                     :
 *   +---------------------------------------------------------------+
 *   :                    PE Identifier parameter                    :
 *   +---------------------------------------------------------------+
 *   :             Operational Error parameter (optional)            :
 *   +---------------------------------------------------------------+
 */

/** ASAP_DEREGISTRATION_RESPONSE (RFC 5352 section 2.2.4): the answer to a deregistration, or the end of a registration's life. */
export interface DeregistrationResponse {
  readonly type: 'deregistration-response';
  readonly poolHandle: PoolHandle;
  readonly elementId: number;
  /** Empty: granted. */
  readonly causes: readonly ErrorCause[];
}

export function readDeregistrationResponse(reader: ParameterReader): DeregistrationResponse | null {
  const reference = readElementReference(reader, true);
  if (reference === null) return null;
  const { poolHandle, elementId, causes } = reference;
  return { type: 'deregistration-response', poolHandle, elementId, causes };
}

export function writeDeregistrationResponse(writer: ParameterWriter, message: DeregistrationResponse): void {
  writeElementReference(writer, message);
  if (message.causes.length > 0) writeOperationError(writer, message.causes);
}
