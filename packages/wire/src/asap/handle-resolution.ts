import { readItems, writeItems } from '../parameters/handle-resolution-option.ts';
import type { ParameterReader } from '../parameters/parameter-reader.ts';
import { ParameterType } from '../parameters/parameter-type.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import { readPoolHandle, writePoolHandle } from '../parameters/pool-handle.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x05  |0|0|0|0|0|0|0|S|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   :                     Pool Handle parameter                     :
 *   +---------------------------------------------------------------+
 *   :          Handle Resolution Option (RSPLIB, optional)          :
 *   +---------------------------------------------------------------+
 */

/** ASAP_HANDLE_RESOLUTION (RFC 5352 section 2.2.5), pool user or pool element to registrar. */
export interface HandleResolution {
  readonly type: 'handle-resolution';
  /** S bit: send further responses whenever the pool changes. */
  readonly subscribe: boolean;
  readonly poolHandle: PoolHandle;
  /**
   * Handle resolution option 0x803f (draft-dreibholz-rserpool-asap-hropt): how many elements are wanted; Infinity (on the
   * wire 0xffffffff) for as many as possible. Absent: the registrar's default.
   */
  readonly items?: number;
}

const subscribeFlag = 0x01;

export function readHandleResolution(reader: ParameterReader): HandleResolution | null {
  let poolHandle: PoolHandle | null = null;
  let items: number | null = null;
  while (reader.enter()) {
    if (reader.type === ParameterType.poolHandle) poolHandle = reader.once(poolHandle, readPoolHandle);
    else if (reader.type === ParameterType.handleResolutionOption) items = reader.once(items, readItems);
    else reader.unexpected();
    reader.leave();
  }
  if (poolHandle === null) return reader.missing('a Pool Handle');
  const subscribe = (reader.flags & subscribeFlag) !== 0;
  const type = 'handle-resolution';
  return items === null ? { type, subscribe, poolHandle } : { type, subscribe, poolHandle, items };
}

export function writeHandleResolution(writer: ParameterWriter, message: HandleResolution): void {
  if (message.subscribe) writer.flags = subscribeFlag;
  writePoolHandle(writer, message.poolHandle);
  if (message.items !== undefined) writeItems(writer, message.items);
}
