/** Reads numbers of either byte order from bytes. Unlike the bytes, it throws out of range: check lengths first. */
export function dataView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
