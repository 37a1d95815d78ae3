import { paddedBytes } from '../packet/packet-layout.ts';

/** Type and length of a parameter or error cause. */
export const parameterHeaderBytes = 4;

/** A parameter (RFC 9260 section 3.2.1), or an error cause, which looks the same, to be written. */
export interface Parameter {
  readonly type: number;
  readonly value: Uint8Array;
}

/** What is written to: zero where nothing was written, as a PacketWriter is. */
export interface ParameterTarget {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** The length of a chunk's or parameter's end that consists of these: all are padded but the last. */
export function parametersLengthBytes(parameters: readonly Parameter[]): number {
  let lengthBytes = 0;
  for (const { value } of parameters)
    lengthBytes = paddedBytes(lengthBytes) + parameterHeaderBytes + value.length;
  return lengthBytes;
}

/** Writes them one after the other. Throws RangeError where one is too long for its length field. */
export function writeParameters(
  target: ParameterTarget,
  start: number,
  parameters: readonly Parameter[],
): void {
  let at = start;
  for (const { type, value } of parameters) {
    const lengthBytes = parameterHeaderBytes + value.length;
    if (lengthBytes > 0xffff)
      throw new RangeError(`parameter ${type}: expected at most 65535 bytes, got ${lengthBytes}`);
    target.view.setUint16(at, type);
    target.view.setUint16(at + 2, lengthBytes);
    target.bytes.set(value, at + parameterHeaderBytes);
    at += paddedBytes(lengthBytes);
  }
}

/** They by themselves, as parameters that hold parameters have them. */
export function encodeParameters(parameters: readonly Parameter[]): Uint8Array {
  return encodeValue(parametersLengthBytes(parameters), (view, bytes) =>
    writeParameters({ view, bytes }, 0, parameters),
  );
}

/** A value of so many bytes, zero where nothing is written. */
export function encodeValue(
  sizeBytes: number,
  write: (view: DataView, bytes: Uint8Array) => void,
): Uint8Array {
  const bytes = new Uint8Array(sizeBytes);
  write(new DataView(bytes.buffer), bytes);
  return bytes;
}

/** A value that is one unsigned 32-bit integer. */
export function encodeUint32(value: number): Uint8Array {
  return encodeValue(4, (view) => view.setUint32(0, value));
}

/** Unsigned 16-bit integers after so many bytes, which are zero. */
export function encodeUint16List(values: readonly number[], offset = 0): Uint8Array {
  return encodeValue(offset + 2 * values.length, (view) => {
    for (const [index, value] of values.entries()) view.setUint16(offset + 2 * index, value);
  });
}

/** Whole parameters one after the other, each padded but the last: what an `unrecognized-parameters` error cause holds. */
export function joinParameters(parameters: readonly Uint8Array[]): Uint8Array {
  let lengthBytes = 0;
  for (const { length } of parameters) lengthBytes = paddedBytes(lengthBytes) + length;
  const joined = new Uint8Array(lengthBytes);
  let at = 0;
  for (const parameter of parameters) {
    joined.set(parameter, at);
    at += paddedBytes(parameter.length);
  }
  return joined;
}
