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
 *   |  Type = 0x03  |0|0|0|0|0|0|M|R|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   |                      Sending Server's ID                      |
 *   +---------------------------------------------------------------+
 *   |                     Receiving Server's ID                     |
 *   +---------------------------------------------------------------+
 *   :                    Pool Entry #1 (optional)                   :
 *   +---------------------------------------------------------------+
 *   :                              ...                              :
 *   +---------------------------------------------------------------+
 *   :                    Pool Entry #n (optional)                   :
 *   +---------------------------------------------------------------+
 *
 * A pool entry is a Pool Handle parameter followed by one or more Pool Element parameters (here: any number). A rejection that
 * has entries all the same is a rejection.
 */

/** A pool handle and elements of its pool; a handle may come more than once in a table. */
export interface PoolEntry {
  readonly poolHandle: PoolHandle;
  readonly elements: readonly PoolElementParameter[];
}

/** ENRP_HANDLE_TABLE_RESPONSE (RFC 5353 section 2.3). */
export interface HandleTableResponse extends EnrpHeader {
  readonly type: 'handle-table-response';
  readonly rejected: boolean;
  /** M flag: ask again for the next page. */
  readonly more: boolean;
  readonly pools: readonly PoolEntry[];
}

const rejectFlag = 0x01;
const moreFlag = 0x02;

export function readHandleTableResponse(reader: ParameterReader): HandleTableResponse {
  const senderId = reader.u32();
  const receiverId = reader.u32();
  const pools: PoolEntry[] = [];
  let elements: PoolElementParameter[] | null = null;
  while (reader.enter()) {
    if (reader.type === ParameterType.poolHandle) {
      elements = [];
      pools.push({ poolHandle: readPoolHandle(reader), elements });
    } else if (reader.type !== ParameterType.poolElement) reader.unexpected();
    else if (elements === null) reader.fail('expected a Pool Handle before it');
    else {
      const element = readPoolElement(reader);
      if (element !== null) elements.push(element);
    }
    reader.leave();
  }
  const rejected = (reader.flags & rejectFlag) !== 0;
  const more = (reader.flags & moreFlag) !== 0;
  return { type: 'handle-table-response', senderId, receiverId, rejected, more, pools };
}

export function writeHandleTableResponse(writer: ParameterWriter, message: HandleTableResponse): void {
  writer.flags = (message.rejected ? rejectFlag : 0) | (message.more ? moreFlag : 0);
  writeEnrpHeader(writer, message);
  for (const pool of message.pools) {
    writePoolHandle(writer, pool.poolHandle);
    for (const element of pool.elements) writePoolElement(writer, element);
  }
}
