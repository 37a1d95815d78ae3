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
 *   |  Type = 0x01  |0|0|0|0|0|0|0|0|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   :                     Pool Handle parameter                     :
 *   +---------------------------------------------------------------+
 *   :                     Pool Element parameter                    :
 *   +---------------------------------------------------------------+
 */

/** ASAP_REGISTRATION (RFC 5352 section 2.2.1), pool element to registrar. */
export interface Registration {
  readonly type: 'registration';
  readonly poolHandle: PoolHandle;
  readonly element: PoolElementParameter;
}

export function readRegistration(reader: ParameterReader): Registration | null {
  let poolHandle: PoolHandle | null = null;
  let element: PoolElementParameter | null = null;
  while (reader.enter()) {
    if (reader.type === ParameterType.poolHandle) poolHandle = reader.once(poolHandle, readPoolHandle);
    else if (reader.type === ParameterType.poolElement) element = reader.once(element, readPoolElement);
    else reader.unexpected();
    reader.leave();
  }
  if (poolHandle === null) return reader.missing('a Pool Handle');
  if (element === null) return reader.missing('a Pool Element');
  return { type: 'registration', poolHandle, element };
}

export function writeRegistration(writer: ParameterWriter, message: Registration): void {
  writePoolHandle(writer, message.poolHandle);
  writePoolElement(writer, message.element);
}
