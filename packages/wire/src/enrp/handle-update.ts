import type { ParameterReader } from '../parameters/parameter-reader.ts';
import { ParameterType } from '../parameters/parameter-type.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import { readPoolElement, writePoolElement } from '../parameters/pool-element.ts';
import type { PoolElementParameter } from '../parameters/pool-element.ts';
import { readPoolHandle, writePoolHandle } from '../parameters/pool-handle.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';
import { writeEnrpHeader } from './enrp-header.ts';
import type { EnrpHeader } from './enrp-header.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x04  |0|0|0|0|0|0|0|T|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   |                      Sending Server's ID                      |
 *   +---------------------------------------------------------------+
 *   |                     Receiving Server's ID                     |
 *   +---------------------------------------------------------------+
 *   |         Update Action         |           (reserved)          |
 *   +---------------------------------------------------------------+
 *   :                     Pool Handle parameter                     :
 *   +---------------------------------------------------------------+
 *   :                     Pool Element parameter                    :
 *   +---------------------------------------------------------------+
 */

/** ENRP_HANDLE_UPDATE (RFC 5353 section 2.4). */
export interface HandleUpdate extends EnrpHeader {
  readonly type: 'handle-update';
  readonly action: 'add' | 'delete';
  /** T flag (draft-dreibholz-rserpool-enrp-takeover): the sender suggests that the receiver become the element's home. */
  readonly takeoverSuggested: boolean;
  readonly poolHandle: PoolHandle;
  readonly element: PoolElementParameter;
}

const takeoverSuggestedFlag = 0x01;
const addAction = 0;
const deleteAction = 1;

export function readHandleUpdate(reader: ParameterReader): HandleUpdate | null {
  const senderId = reader.u32();
  const receiverId = reader.u32();
  const action = reader.u16();
  reader.skip(2);
  let poolHandle: PoolHandle | null = null;
  let element: PoolElementParameter | null = null;
  while (reader.enter()) {
    if (reader.type === ParameterType.poolHandle) poolHandle = reader.once(poolHandle, readPoolHandle);
    else if (reader.type === ParameterType.poolElement) element = reader.once(element, readPoolElement);
    else reader.unexpected();
    reader.leave();
  }
  if (action > deleteAction) return reader.fail(`expected update action 0 or 1, got ${action}`);
  if (poolHandle === null) return reader.missing('a Pool Handle');
  if (element === null) return reader.missing('a Pool Element');
  return {
    type: 'handle-update',
    senderId,
    receiverId,
    action: action === addAction ? 'add' : 'delete',
    takeoverSuggested: (reader.flags & takeoverSuggestedFlag) !== 0,
    poolHandle,
    element,
  };
}

export function writeHandleUpdate(writer: ParameterWriter, message: HandleUpdate): void {
  if (message.takeoverSuggested) writer.flags = takeoverSuggestedFlag;
  writeEnrpHeader(writer, message);
  writer.u16(message.action === 'add' ? addAction : deleteAction);
  writer.u16(0);
  writePoolHandle(writer, message.poolHandle);
  writePoolElement(writer, message.element);
}
