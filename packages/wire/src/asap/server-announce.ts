import type { ParameterReader } from '../parameters/parameter-reader.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import { readMessageTransport, writeTransport } from '../parameters/transport.ts';
import type { MessageTransport } from '../parameters/transport.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x0a  |0|0|0|0|0|0|0|0|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   |                       Server Identifier                       |
 *   +---------------------------------------------------------------+
 *   :         SCTP or TCP Transport parameter #1 (optional)         :
 *   +---------------------------------------------------------------+
 *   :                              ...                              :
 *   +---------------------------------------------------------------+
 *   :         SCTP or TCP Transport parameter #n (optional)         :
 *   +---------------------------------------------------------------+
 */

/** ASAP_SERVER_ANNOUNCE (RFC 5352 section 2.2.10), registrar to everyone by multicast. */
export interface ServerAnnounce {
  readonly type: 'server-announce';
  readonly registrarId: number;
  /** Empty: SCTP at the datagram's source address (RFC: registered port; RSPLIB: source port). */
  readonly transports: readonly MessageTransport[];
}

export function readServerAnnounce(reader: ParameterReader): ServerAnnounce {
  const registrarId = reader.u32();
  const transports: MessageTransport[] = [];
  while (reader.enter()) {
    const transport = readMessageTransport(reader);
    if (transport !== null) transports.push(transport);
    reader.leave();
  }
  if (transports.length > 0) reader.saw('announceListsTransports', true);
  return { type: 'server-announce', registrarId, transports };
}

export function writeServerAnnounce(writer: ParameterWriter, message: ServerAnnounce): void {
  writer.u32(message.registrarId);
  if (!writer.profile.announceListsTransports) return;
  for (const transport of message.transports) writeTransport(writer, transport);
}
