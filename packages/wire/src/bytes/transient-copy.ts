/** Copies of middle size lie together in pieces of this size. */
export const slabBytes = 8 * 1024;
/** Up to this size the engine keeps an array's bytes beside the array, which costs less than a part of a slab. */
export const ownBytes = 64;
/** What is larger would waste the rest of a slab. */
export const sharedBytes = 1024;

let slab = new Uint8Array(slabBytes);
let slabAt = 0;

/**
 * A copy of bytes that live for a short time: a message between codec and socket. Copies of middle size lie together in slabs,
 * since memory of its own for each of them takes a microsecond in V8 and much work of the garbage collector. Who kept such a
 * copy would keep its slab of 8 KiB: what is stored belongs into an array of its own.
 */
export function transientCopy(source: Uint8Array, start: number, end: number): Uint8Array {
  const sizeBytes = end - start;
  if (sizeBytes <= ownBytes) return ownCopy(source, start, sizeBytes);
  if (sizeBytes > sharedBytes) return new Uint8Array(source.subarray(start, end));
  if (slabAt + sizeBytes > slabBytes) {
    slab = new Uint8Array(slabBytes);
    slabAt = 0;
  }
  const copy = new Uint8Array(slab.buffer, slabAt, sizeBytes);
  copy.set(source.subarray(start, end));
  slabAt += sizeBytes;
  return copy;
}

/** A copy of a few bytes; byte by byte, since for so few all else takes longer. */
export function ownCopy(source: Uint8Array, start: number, sizeBytes: number): Uint8Array {
  const copy = new Uint8Array(sizeBytes);
  for (let index = 0; index < sizeBytes; index++) copy[index] = source[start + index] ?? 0;
  return copy;
}
