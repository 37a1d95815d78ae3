import { textBytes, textFromBytes } from '../text.ts';

/**
 * The text of a field that carries UTF-8, up to a zero byte. Where it is not UTF-8 (RSPLIB cuts texts without a look at
 * characters), each byte is taken for one character.
 */
export function fieldText(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const content = end < 0 ? bytes : bytes.subarray(0, end);
  return textFromBytes(content) ?? Array.from(content, (byte) => String.fromCharCode(byte)).join('');
}

/** The UTF-8 bytes of a text, cut behind the last whole character that fits. */
export function textFieldBytes(text: string, maxBytes: number): Uint8Array {
  const bytes = textBytes(text);
  let end = Math.min(bytes.length, maxBytes);
  while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
