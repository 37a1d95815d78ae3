/**
 * A text of a peer, safe to print: control and format characters, which could move the cursor or reorder the line, are
 * written as escapes.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\t' ? character : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
