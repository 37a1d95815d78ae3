import { readOnlyCookie, writeCookieBytes } from '../parameters/cookie-bytes.ts';
import type { ParameterReader } from '../parameters/parameter-reader.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x0c  |0|0|0|0|0|0|0|0|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   :                        Cookie parameter                       :
 *   +---------------------------------------------------------------+
 */

/** ASAP_COOKIE_ECHO (RFC 5352 section 2.2.12), pool user to the next pool element on the control channel. */
export interface CookieEcho {
  readonly type: 'cookie-echo';
  readonly cookie: Uint8Array;
}

export function readCookieEcho(reader: ParameterReader): CookieEcho | null {
  const cookie = readOnlyCookie(reader);
  return cookie && { type: 'cookie-echo', cookie };
}

export function writeCookieEcho(writer: ParameterWriter, message: CookieEcho): void {
  writeCookieBytes(writer, message.cookie);
}
