import { readElementId, writeElementId } from '../parameters/element-id.ts';
import type { ParameterReader } from '../parameters/parameter-reader.ts';
import { ParameterType } from '../parameters/parameter-type.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import { readPoolHandle, writePoolHandle } from '../parameters/pool-handle.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x07  |0|0|0|0|0|0|0|H|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   |                       Server Identifier                       |
 *   +---------------------------------------------------------------+
 *   :                     Pool Handle parameter                     :
 *   +---------------------------------------------------------------+
 *   :             PE Identifier parameter (RSPLIB only)             :
 *   +---------------------------------------------------------------+
 */

/** ASAP_ENDPOINT_KEEP_ALIVE (RFC 5352 section 2.2.7), registrar to pool element. */
export interface EndpointKeepAlive {
  readonly type: 'endpoint-keep-alive';
  /** H bit: the sender wants to be the element's home registrar. */
  readonly home: boolean;
  readonly registrarId: number;
  readonly poolHandle: PoolHandle;
  /** RSPLIB names the element; the RFC does not. Always set by our registrars, sent under profile `rsplib` only. */
  readonly elementId?: number;
}

const homeFlag = 0x01;

export function readEndpointKeepAlive(reader: ParameterReader): EndpointKeepAlive | null {
  const registrarId = reader.u32();
  let poolHandle: PoolHandle | null = null;
  let elementId: number | null = null;
  while (reader.enter()) {
    if (reader.type === ParameterType.poolHandle) poolHandle = reader.once(poolHandle, readPoolHandle);
    else if (reader.type === ParameterType.elementId) elementId = reader.once(elementId, readElementId);
    else reader.unexpected();
    reader.leave();
  }
  if (poolHandle === null) return reader.missing('a Pool Handle');
  reader.saw('keepAliveNamesElement', elementId !== null);
  const home = (reader.flags & homeFlag) !== 0;
  const type = 'endpoint-keep-alive';
  return elementId === null
    ? { type, home, registrarId, poolHandle }
    : { type, home, registrarId, poolHandle, elementId };
}

export function writeEndpointKeepAlive(writer: ParameterWriter, message: EndpointKeepAlive): void {
  if (message.home) writer.flags = homeFlag;
  writer.u32(message.registrarId);
  writePoolHandle(writer, message.poolHandle);
  const { keepAliveNamesElement } = writer.profile;
  if (keepAliveNamesElement && message.elementId !== undefined) writeElementId(writer, message.elementId);
}
