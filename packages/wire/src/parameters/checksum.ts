import type { ParameterReader } from './parameter-reader.ts';
import { ParameterType } from './parameter-type.ts';
import type { ParameterWriter } from './parameter-writer.ts';

/*
 * PE Checksum (RFC 5354 section 3.15):
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |          Type = 0xf           |         Length = 0x6          |
 *   +-------------------------------+-------------------------------+
 *   |          PE Checksum          |            Padding            |
 *   +-------------------------------+-------------------------------+
 */

export function readChecksum(reader: ParameterReader): number {
  return reader.u16();
}

export function writeChecksum(writer: ParameterWriter, checksum: number): void {
  const start = writer.begin(ParameterType.checksum);
  writer.u16(checksum);
  writer.end(start);
}
