import type { ParameterReader } from '../parameters/parameter-reader.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import { writeEnrpHeader } from './enrp-header.ts';
import type { EnrpHeader } from './enrp-header.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x02  |0|0|0|0|0|0|0|W|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   |                      Sending Server's ID                      |
 *   +---------------------------------------------------------------+
 *   |                     Receiving Server's ID                     |
 *   +---------------------------------------------------------------+
 */

/** ENRP_HANDLE_TABLE_REQUEST (RFC 5353 section 2.2). */
export interface HandleTableRequest extends EnrpHeader {
  readonly type: 'handle-table-request';
  /** W flag: only the elements that the receiver owns. */
  readonly ownChildrenOnly: boolean;
}

const ownChildrenOnlyFlag = 0x01;

export function readHandleTableRequest(reader: ParameterReader): HandleTableRequest {
  const senderId = reader.u32();
  const receiverId = reader.u32();
  reader.rest();
  const ownChildrenOnly = (reader.flags & ownChildrenOnlyFlag) !== 0;
  return { type: 'handle-table-request', senderId, receiverId, ownChildrenOnly };
}

export function writeHandleTableRequest(writer: ParameterWriter, message: HandleTableRequest): void {
  if (message.ownChildrenOnly) writer.flags = ownChildrenOnlyFlag;
  writeEnrpHeader(writer, message);
}
