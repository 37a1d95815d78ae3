import { readChecksum, writeChecksum } from '../parameters/checksum.ts';
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
 *   |  Type = 0x01  |0|0|0|0|0|0|0|R|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   |                      Sending Server's ID                      |
 *   +---------------------------------------------------------------+
 *   |                     Receiving Server's ID                     |
 *   +---------------------------------------------------------------+
 *   :                PE Checksum parameter (optional)               :
 *   +---------------------------------------------------------------+
 *   :            Server Information parameter (optional)            :
 *   +---------------------------------------------------------------+
 */

/** ENRP_PRESENCE (RFC 5353 section 2.1). */
export interface Presence extends EnrpHeader {
  readonly type: 'presence';
  /** R flag: the receiver must answer with its own presence (section 3.4.1). */
  readonly replyRequired: boolean;
  /** PE checksum of the elements that the sender owns, 16 bit (section 3.6.2). */
  readonly checksum?: number;
  readonly server?: ServerInformation;
}

const replyRequiredFlag = 0x01;

export function readPresence(reader: ParameterReader): Presence {
  const senderId = reader.u32();
  const receiverId = reader.u32();
  let checksum: number | null = null;
  let server: ServerInformation | null = null;
  while (reader.enter()) {
    if (reader.type === ParameterType.checksum) checksum = reader.once(checksum, readChecksum);
    else if (reader.type === ParameterType.serverInformation)
      server = reader.once(server, readServerInformation);
    else reader.unexpected();
    reader.leave();
  }
  return {
    type: 'presence',
    senderId,
    receiverId,
    replyRequired: (reader.flags & replyRequiredFlag) !== 0,
    ...(checksum !== null && { checksum }),
    ...(server !== null && { server }),
  };
}

export function writePresence(writer: ParameterWriter, message: Presence): void {
  if (message.replyRequired) writer.flags = replyRequiredFlag;
  writeEnrpHeader(writer, message);
  if (message.checksum !== undefined) writeChecksum(writer, message.checksum);
  if (message.server !== undefined) writeServerInformation(writer, message.server);
}
