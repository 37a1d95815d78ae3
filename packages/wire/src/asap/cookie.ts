import { readOnlyCookie, writeCookieBytes } from '../parameters/cookie-bytes.ts';
import type { ParameterReader } from '../parameters/parameter-reader.ts';
import type { ParameterWriter } from '../parameters/parameter-writer.ts';

/*
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   |  Type = 0x0b  |0|0|0|0|0|0|0|0|        Message Length         |
 *   +---------------+---------------+-------------------------------+
 *   :                        Cookie parameter                       :
 *   +---------------------------------------------------------------+
 */

/** ASAP_COOKIE (RFC 5352 section 2.2.11), pool element to pool user on the control channel. */
export interface Cookie {
  readonly type: 'cookie';
  readonly cookie: Uint8Array;
}

export function readCookie(reader: ParameterReader): Cookie | null {
  const cookie = readOnlyCookie(reader);
  return cookie && { type: 'cookie', cookie };
}

export function writeCookie(writer: ParameterWriter, message: Cookie): void {
  writeCookieBytes(writer, message.cookie);
}
