/** Bytes from hexadecimal text; blanks and line breaks count for nothing. */
export function hex(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, '');
  if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) throw new Error(`no hexadecimal bytes: ${text}`);
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    parseInt(digits.slice(2 * index, 2 * index + 2), 16),
  );
}

/** Hexadecimal text of bytes, in words of four. */
export function hexText(bytes: Uint8Array): string {
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return digits.replaceAll(/(.{8})(?=.)/g, '$1 ');
}
