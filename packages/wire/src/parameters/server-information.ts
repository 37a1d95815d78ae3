import type { ParameterReader } from './parameter-reader.ts';
import { ParameterType } from './parameter-type.ts';
import type { ParameterWriter } from './parameter-writer.ts';
import { isTransportType, readMessageTransport, writeTransport } from './transport.ts';
import type { MessageTransport } from './transport.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |          Type = 0xb           |       Length = variable       |
 *   +-------------------------------+-------------------------------+
 *   |                           Server ID                           |
 *   +---------------------------------------------------------------+
 *   :                 Server Transport parameter                    :
 *   +---------------------------------------------------------------+
 *
 * The RFC wants an SCTP transport; TCP is ours, for registrars that reach each other by framed TCP.
 */

/** Server Information parameter (RFC 5354 section 3.11): a registrar and where its ENRP endpoint is reached. */
export interface ServerInformation {
  readonly registrarId: number;
  readonly transport: MessageTransport;
}

export function readServerInformation(reader: ParameterReader): ServerInformation | null {
  const registrarId = reader.u32();
  let transport: MessageTransport | null = null;
  while (reader.enter()) {
    if (isTransportType(reader.type)) transport = reader.once(transport, readMessageTransport);
    else reader.unexpected();
    reader.leave();
  }
  return transport === null ? reader.missing('a server transport') : { registrarId, transport };
}

export function writeServerInformation(writer: ParameterWriter, server: ServerInformation): void {
  const start = writer.begin(ParameterType.serverInformation);
  writer.u32(server.registrarId);
  writeTransport(writer, server.transport);
  writer.end(start);
}
