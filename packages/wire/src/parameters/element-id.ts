import type { ParameterReader } from './parameter-reader.ts';
import { ParameterType } from './parameter-type.ts';
import type { ParameterWriter } from './parameter-writer.ts';

/*
 * PE Identifier (RFC 5354 section 3.14):
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |          Type = 0xe           |         Length = 0x8          |
 *   +-------------------------------+-------------------------------+
 *   |                         PE Identifier                         |
 *   +---------------------------------------------------------------+
 */

export function readElementId(reader: ParameterReader): number {
  return reader.u32();
}

export function writeElementId(writer: ParameterWriter, elementId: number): void {
  const start = writer.begin(ParameterType.elementId);
  writer.u32(elementId);
  writer.end(start);
}
