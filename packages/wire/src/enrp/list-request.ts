import type { ParameterReader } from '../parameters/parameter-reader.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import { writeEnrpHeader } from './enrp-header.ts';
import type { EnrpHeader } from './enrp-header.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x05  |0|0|0|0|0|0|0|0|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   |                      Sending Server's ID                      |
 *   +---------------------------------------------------------------+
 *   |                     Receiving Server's ID                     |
 *   +---------------------------------------------------------------+
 */

/** ENRP_LIST_REQUEST (RFC 5353 section 2.5). */
export interface ListRequest extends EnrpHeader {
  readonly type: 'list-request';
}

export function readListRequest(reader: ParameterReader): ListRequest {
  const senderId = reader.u32();
  const receiverId = reader.u32();
  reader.rest();
  return { type: 'list-request', senderId, receiverId };
}

export function writeListRequest(writer: ParameterWriter, message: ListRequest): void {
  writeEnrpHeader(writer, message);
}
