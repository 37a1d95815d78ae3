import type { ParameterReader } from './parameter-reader.ts';
import { ParameterType } from './parameter-type.ts';
import type { ParameterWriter } from './parameter-writer.ts';

/*
 * Handle Resolution Option (draft-dreibholz-rserpool-asap-hropt):
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |         Type = 0x803f         |         Length = 0x8          |
 *   +-------------------------------+-------------------------------+
 *   |                             Items                             |
 *   +---------------------------------------------------------------+
 */

const asManyAsPossible = 0xffff_ffff;

export function readItems(reader: ParameterReader): number {
  const items = reader.u32();
  return items === asManyAsPossible ? Infinity : items;
}

export function writeItems(writer: ParameterWriter, items: number): void {
  const start = writer.begin(ParameterType.handleResolutionOption);
  writer.u32(items === Infinity ? asManyAsPossible : items);
  writer.end(start);
}
