import type { ParameterReader } from '../parameters/parameter-reader.ts';
import { ParameterType } from '../parameters/parameter-type.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import { readPoolElement, writePoolElement } from '../parameters/pool-element.ts';
import type { PoolElementParameter } from '../parameters/pool-element.ts';
import { readPoolHandle, writePoolHandle } from '../parameters/pool-handle.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x0d  |0|0|0|0|0|0|0|0|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   :                     Pool Handle parameter                     :
 *   +---------------------------------------------------------------+
 *   :                    Pool Element parameter 1                   :
 *   +---------------------------------------------------------------+
 *   :                              ...                              :
 *   +---------------------------------------------------------------+
 *   :                    Pool Element parameter N                   :
 *   +---------------------------------------------------------------+
 *
 * RSPLIB puts a Pool Member Selection Policy before the elements; it is skipped.
 */

/** ASAP_BUSINESS_CARD (RFC 5352 section 2.2.13): the sender's pool and a recommended order of failover. */
export interface BusinessCard {
  readonly type: 'business-card';
  readonly poolHandle: PoolHandle;
  readonly elements: readonly PoolElementParameter[];
}

export function readBusinessCard(reader: ParameterReader): BusinessCard | null {
  let poolHandle: PoolHandle | null = null;
  const elements: PoolElementParameter[] = [];
  while (reader.enter()) {
    if (reader.type === ParameterType.poolElement) {
      const element = readPoolElement(reader);
      if (element !== null) elements.push(element);
    } else if (reader.type === ParameterType.poolHandle) poolHandle = reader.once(poolHandle, readPoolHandle);
    else if (reader.type === ParameterType.policy) reader.skip(reader.remaining);
    else reader.unexpected();
    reader.leave();
  }
  if (poolHandle === null) return reader.missing('a Pool Handle');
  if (elements.length === 0) return reader.missing('a Pool Element');
  return { type: 'business-card', poolHandle, elements };
}

export function writeBusinessCard(writer: ParameterWriter, message: BusinessCard): void {
  writePoolHandle(writer, message.poolHandle);
  for (const element of message.elements) writePoolElement(writer, element);
}
