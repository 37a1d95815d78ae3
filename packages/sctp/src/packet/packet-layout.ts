/** RFC 9260 section 3.1. */
export const commonHeaderBytes = 12;

/** Type, flags and length of a chunk (RFC 9260 section 3.2). */
export const chunkHeaderBytes = 4;

/** A length with the padding to the next multiple of 4 (RFC 9260 sections 3.2 and 3.2.1). */
export function paddedBytes(lengthBytes: number): number {
  return (lengthBytes + 3) & ~3;
}
