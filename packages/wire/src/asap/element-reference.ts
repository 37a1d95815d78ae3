import { readElementId, writeElementId } from '../parameters/element-id.ts';
import { readOperationError } from '../parameters/operation-error.ts';
import type { ErrorCause } from '../parameters/operation-error.ts';
import type { ParameterReader } from '../parameters/parameter-reader.ts';
import { ParameterType } from '../parameters/parameter-type.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';
import { readPoolHandle, writePoolHandle } from '../parameters/pool-handle.ts';
import type { PoolHandle } from '../parameters/pool-handle.ts';

/** The two parameters that many ASAP messages consist of. */
interface ElementReference {
  readonly poolHandle: PoolHandle;
  readonly elementId: number;
}

/** Reads a Pool Handle and a PE Identifier, and in responses an optional Operation Error; causes are empty without it. */
export function readElementReference(
  reader: ParameterReader,
  isResponse: boolean,
): (ElementReference & { readonly causes: readonly ErrorCause[] }) | null {
  let poolHandle: PoolHandle | null = null;
  let elementId: number | null = null;
  let causes: readonly ErrorCause[] | null = null;
  while (reader.enter()) {
    if (reader.type === ParameterType.poolHandle) poolHandle = reader.once(poolHandle, readPoolHandle);
    else if (reader.type === ParameterType.elementId) elementId = reader.once(elementId, readElementId);
    else if (isResponse && reader.type === ParameterType.operationError)
      causes = reader.once(causes, readOperationError);
    else reader.unexpected();
    reader.leave();
  }
  if (poolHandle === null) return reader.missing('a Pool Handle');
  if (elementId === null) return reader.missing('a PE Identifier');
  return { poolHandle, elementId, causes: causes ?? [] };
}

export function writeElementReference(
  writer: ParameterWriter,
  { poolHandle, elementId }: ElementReference,
): void {
  writePoolHandle(writer, poolHandle);
  writeElementId(writer, elementId);
}
