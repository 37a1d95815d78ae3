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
 *   |  Type = 0x03  |0|0|0|0|0|0|0|R|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   :                     Pool Handle parameter                     :
 *   +---------------------------------------------------------------+
 *   :                    PE Identifier parameter                    :
 *   +---------------------------------------------------------------+
 *   :             Operational Error parameter (optional)            :
 *   +---------------------------------------------------------------+
 */

/** ASAP_REGISTRATION_RESPONSE (RFC 5352 section 2.2.3), registrar to pool element. */
export interface RegistrationResponse {
  readonly type: 'registration-response';
  readonly rejected: boolean;
  readonly poolHandle: PoolHandle;
  readonly elementId: number;
  /** Why it was rejected; when not rejected, a warning. Empty: no Operation Error parameter. */
  readonly causes: readonly ErrorCause[];
}

const rejectFlag = 0x01;

export function readRegistrationResponse(reader: ParameterReader): RegistrationResponse | null {
  const reference = readElementReference(reader, true);
  if (reference === null) return null;
  const { poolHandle, elementId, causes } = reference;
  const rejected = (reader.flags & rejectFlag) !== 0;
  return { type: 'registration-response', rejected, poolHandle, elementId, causes };
}

export function writeRegistrationResponse(writer: ParameterWriter, message: RegistrationResponse): void {
  if (message.rejected) writer.flags = rejectFlag;
  writeElementReference(writer, message);
  if (message.causes.length > 0) writeOperationError(writer, message.causes);
}
