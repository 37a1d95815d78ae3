import { readOperationError, writeOperationError } from '../parameters/operation-error.ts';
import type { ErrorCause } from '../parameters/operation-error.ts';
import type { ParameterReader } from '../parameters/parameter-reader.ts';
import { ParameterType } from '../parameters/parameter-type.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import { readPolicy, writePolicy } from '../parameters/policy.ts';
import type { Policy } from '../parameters/policy.ts';
import { readPoolElement, writePoolElement } from '../parameters/pool-element.ts';
import type { PoolElementParameter } from '../parameters/pool-element.ts';
import { readPoolHandle, writePoolHandle } from '../parameters/pool-handle.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x06  |0|0|0|0|0|0|0|A|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   :                     Pool Handle parameter                     :
 *   +---------------------------------------------------------------+
 *   :             Overall PE Selection Policy (optional)            :
 *   +---------------------------------------------------------------+
 *   :              Pool Element parameter 1 (optional)              :
 *   +---------------------------------------------------------------+
 *   :                              ...                              :
 *   +---------------------------------------------------------------+
 *   :              Pool Element parameter N (optional)              :
 *   +---------------------------------------------------------------+
 *   :             Operational Error parameter (optional)            :
 *   +---------------------------------------------------------------+
 *
 * A response without an error must have an element.
 */

/** ASAP_HANDLE_RESOLUTION_RESPONSE (RFC 5352 section 2.2.6), registrar to pool user or pool element. */
export interface HandleResolutionResponse {
  readonly type: 'handle-resolution-response';
  /** A bit: the registrar accepted the request for further responses on change. */
  readonly subscribed: boolean;
  readonly poolHandle: PoolHandle;
  /** The pool's overall policy; absent means Round Robin (or a negative response). */
  readonly policy?: Policy;
  /** In the order of selection. */
  readonly elements: readonly PoolElementParameter[];
  /** Not empty: the response is negative. */
  readonly causes: readonly ErrorCause[];
}

const acceptFlag = 0x01;

export function readHandleResolutionResponse(reader: ParameterReader): HandleResolutionResponse | null {
  let poolHandle: PoolHandle | null = null;
  let policy: Policy | null = null;
  let causes: readonly ErrorCause[] | null = null;
  const elements: PoolElementParameter[] = [];
  while (reader.enter()) {
    if (reader.type === ParameterType.poolElement) {
      const element = readPoolElement(reader);
      if (element !== null) elements.push(element);
    } else if (reader.type === ParameterType.poolHandle) poolHandle = reader.once(poolHandle, readPoolHandle);
    else if (reader.type === ParameterType.policy) policy = reader.once(policy, readPolicy);
    else if (reader.type === ParameterType.operationError) causes = reader.once(causes, readOperationError);
    else reader.unexpected();
    reader.leave();
  }
  if (poolHandle === null) return reader.missing('a Pool Handle');
  if (elements.length === 0 && causes === null) return reader.missing('a Pool Element or an Operation Error');
  const subscribed = (reader.flags & acceptFlag) !== 0;
  const type = 'handle-resolution-response';
  return policy === null
    ? { type, subscribed, poolHandle, elements, causes: causes ?? [] }
    : { type, subscribed, poolHandle, policy, elements, causes: causes ?? [] };
}

export function writeHandleResolutionResponse(
  writer: ParameterWriter,
  message: HandleResolutionResponse,
): void {
  if (message.subscribed) writer.flags = acceptFlag;
  writePoolHandle(writer, message.poolHandle);
  if (message.policy !== undefined) writePolicy(writer, message.policy);
  for (const element of message.elements) writePoolElement(writer, element);
  if (message.causes.length > 0) writeOperationError(writer, message.causes);
}
