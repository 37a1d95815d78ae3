// Builds messages and parameters by the diagrams of RFC 5354 sections 3 and 4, without the code under test.
import { hex } from './hex.ts';

type Piece = string | Uint8Array;

/** Pieces, hexadecimal text or bytes, one after the other. */
export function joined(...pieces: readonly Piece[]): Uint8Array {
  return Uint8Array.from(pieces.flatMap((piece) => [...(typeof piece === 'string' ? hex(piece) : piece)]));
}

/** A parameter or an error cause, padded. The length covers what is in `value`, and so does not fit unaligned nested ones. */
export function parameter(type: number, ...value: readonly Piece[]): Uint8Array {
  const content = joined(...value);
  return padded(joined(field(type), field(4 + content.length), content));
}

/** A message, padded. */
export function message(type: number, flags: number, ...value: readonly Piece[]): Uint8Array {
  const content = joined(...value);
  return padded(joined(Uint8Array.of(type, flags), field(4 + content.length), content));
}

/** The bytes with two of them set to a number. */
export function patched(bytes: Uint8Array, position: number, value: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy.set(field(value), position);
  return copy;
}

function field(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

function padded(bytes: Uint8Array): Uint8Array {
  return joined(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4));
}
