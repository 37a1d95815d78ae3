import { readOnlyError, writeOperationError } from '../parameters/operation-error.ts';
import type { ErrorCause } from '../parameters/operation-error.ts';
import type { ParameterReader } from '../parameters/parameter-reader.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import { writeEnrpHeader } from './enrp-header.ts';
import type { EnrpHeader } from './enrp-header.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x0a  |0|0|0|0|0|0|0|0|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   |                      Sending Server's ID                      |
 *   +---------------------------------------------------------------+
 *   |                     Receiving Server's ID                     |
 *   +---------------------------------------------------------------+
 *   :                  Operational Error parameter                  :
 *   +---------------------------------------------------------------+
 */

/** ENRP_ERROR (RFC 5353 section 2.10). */
export interface EnrpError extends EnrpHeader {
  readonly type: 'error';
  readonly causes: readonly ErrorCause[];
}

export function readEnrpError(reader: ParameterReader): EnrpError | null {
  const senderId = reader.u32();
  const receiverId = reader.u32();
  const causes = readOnlyError(reader);
  return causes && { type: 'error', senderId, receiverId, causes };
}

/** Throws WireEncodeError 'no-cause' for an error without a cause. */
export function writeEnrpError(writer: ParameterWriter, message: EnrpError): void {
  writeEnrpHeader(writer, message);
  writeOperationError(writer, message.causes);
}
