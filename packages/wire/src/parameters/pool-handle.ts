import { ByteReader } from '../bytes/byte-reader.ts';
import { textBytes, textFromBytes } from '../text.ts';
import type { ParameterReader } from './parameter-reader.ts';
import { ParameterType } from './parameter-type.ts';
import { paddedBytes } from './parameter-reader.ts';
import type { ParameterWriter } from './parameter-writer.ts';

/*
 * Pool Handle (RFC 5354 section 3.9):
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-------------------------------+-------------------------------+
 *   |          Type = 0x9           |       Length = variable       |
 *   +-------------------------------+-------------------------------+
 *   :                          Pool Handle                          :
 *   +---------------------------------------------------------------+
 */

declare const poolHandleBrand: unique symbol;

/**
 * A pool handle (RFC 5354 section 3.9): an opaque byte string, held as a string with one character (U+0000 to U+00FF) for
 * each byte, so that it can be a key of a Map. Make one with {@link poolHandle} or {@link poolHandleFromBytes}; show one
 * with {@link poolHandleText}.
 */
export type PoolHandle = string & { readonly [poolHandleBrand]: true };

/** A pool handle from text, as UTF-8. */
export function poolHandle(text: string): PoolHandle {
  return poolHandleFromBytes(textBytes(text));
}

/** A pool handle from its bytes. */
export function poolHandleFromBytes(bytes: Uint8Array): PoolHandle {
  return branded(new ByteReader(bytes).characters(bytes.length));
}

/** The bytes of a pool handle. */
export function poolHandleBytes(handle: PoolHandle): Uint8Array {
  const bytes = new Uint8Array(handle.length);
  for (let index = 0; index < handle.length; index++) bytes[index] = handle.charCodeAt(index);
  return bytes;
}

/** A pool handle for people: its UTF-8 text, or 0x… in hexadecimal where it is not printable UTF-8. */
export function poolHandleText(handle: PoolHandle): string {
  const bytes = poolHandleBytes(handle);
  const text = textFromBytes(bytes);
  if (text !== undefined && !/\p{C}/u.test(text) && !text.startsWith('0x')) return text;
  return `0x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

export function readPoolHandle(reader: ParameterReader): PoolHandle {
  return branded(reader.characters(reader.remaining));
}

export function writePoolHandle(writer: ParameterWriter, handle: PoolHandle): void {
  const start = writer.begin(ParameterType.poolHandle);
  writer.characters(handle);
  writer.end(start);
}

/** Size of a Pool Handle parameter with its padding. */
export function poolHandleSizeBytes(handle: PoolHandle): number {
  return paddedBytes(4 + handle.length);
}

function branded(characters: string): PoolHandle {
  return characters as PoolHandle; // the one place where the brand is given
}
