import type { ParameterReader } from '../parameters/parameter-reader.ts';
import { ParameterType } from '../parameters/parameter-type.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import { readServerInformation, writeServerInformation } from '../parameters/server-information.ts';
import type { ServerInformation } from '../parameters/server-information.ts';
import { writeEnrpHeader } from './enrp-header.ts';
import type { EnrpHeader } from './enrp-header.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x06  |0|0|0|0|0|0|0|R|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   |                      Sending Server's ID                      |
 *   +---------------------------------------------------------------+
 *   |                     Receiving Server's ID                     |
 *   +---------------------------------------------------------------+
 *   :       Server Information parameter of peer #1 (optional)      :
 *   +---------------------------------------------------------------+
 *   :                              ...                              :
 *   +---------------------------------------------------------------+
 *   :       Server Information parameter of peer #n (optional)      :
 *   +---------------------------------------------------------------+
 *
 * A rejection that has servers all the same is a rejection.
 */

/** ENRP_LIST_RESPONSE (RFC 5353 section 2.6). */
export interface ListResponse extends EnrpHeader {
  readonly type: 'list-response';
  readonly rejected: boolean;
  readonly servers: readonly ServerInformation[];
}

const rejectFlag = 0x01;

export function readListResponse(reader: ParameterReader): ListResponse {
  const senderId = reader.u32();
  const receiverId = reader.u32();
  const servers: ServerInformation[] = [];
  while (reader.enter()) {
    if (reader.type === ParameterType.serverInformation) {
      const server = readServerInformation(reader);
      if (server !== null) servers.push(server);
    } else reader.unexpected();
    reader.leave();
  }
  return {
    type: 'list-response',
    senderId,
    receiverId,
    rejected: (reader.flags & rejectFlag) !== 0,
    servers,
  };
}

export function writeListResponse(writer: ParameterWriter, message: ListResponse): void {
  if (message.rejected) writer.flags = rejectFlag;
  writeEnrpHeader(writer, message);
  for (const server of message.servers) writeServerInformation(writer, server);
}
