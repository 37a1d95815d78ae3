import { readOnlyError, writeOperationError } from '../parameters/operation-error.ts';
import type { ErrorCause } from '../parameters/operation-error.ts';
import type { ParameterReader } from '../parameters/parameter-reader.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x0e  |0|0|0|0|0|0|0|0|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   :                  Operational Error parameter                  :
 *   +---------------------------------------------------------------+
 */

/** ASAP_ERROR (RFC 5352 section 2.2.14). */
export interface AsapError {
  readonly type: 'error';
  readonly causes: readonly ErrorCause[];
}

export function readAsapError(reader: ParameterReader): AsapError | null {
  const causes = readOnlyError(reader);
  return causes && { type: 'error', causes };
}

/** Throws WireEncodeError 'no-cause' for an error without a cause. */
export function writeAsapError(writer: ParameterWriter, message: AsapError): void {
  writeOperationError(writer, message.causes);
}
