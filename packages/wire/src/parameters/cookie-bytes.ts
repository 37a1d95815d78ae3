import type { ParameterReader } from './parameter-reader.ts';
import { ParameterType } from './parameter-type.ts';
import type { ParameterWriter } from './parameter-writer.ts';

/*
 * Cookie (RFC 5354 section 3.13):
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |          Type = 0xd           |       Length = variable       |
 *   +-------------------------------+-------------------------------+
 *   :                            Cookie                             :
 *   +---------------------------------------------------------------+
 */

/** Reads a message that consists of one Cookie parameter. */
export function readOnlyCookie(reader: ParameterReader): Uint8Array | null {
  let cookie: Uint8Array | null = null;
  while (reader.enter()) {
    if (reader.type === ParameterType.cookie) cookie = reader.once(cookie, readCookieBytes);
    else reader.unexpected();
    reader.leave();
  }
  return cookie ?? reader.missing('a Cookie');
}

export function writeCookieBytes(writer: ParameterWriter, cookie: Uint8Array): void {
  const start = writer.begin(ParameterType.cookie);
  writer.bytes(cookie);
  writer.end(start);
}

function readCookieBytes(reader: ParameterReader): Uint8Array {
  return reader.bytes(reader.remaining);
}
