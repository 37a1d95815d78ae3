import { ParameterType } from '../../parameters/parameter-type.ts';
import { encodeParameters, encodeUint16List } from '../../parameters/parameter.ts';

/** What one side has said of authentication in its INIT or INIT ACK. */
export interface AuthenticationParameters {
  readonly random: Uint8Array;
  readonly chunkList: readonly number[] | undefined;
  readonly requestedHmacAlgorithms: readonly number[];
}

/** The parameters as they were sent, but for their padding (RFC 4895 section 6.1). */
export function keyVector(parameters: AuthenticationParameters): Uint8Array {
  const { random, chunkList, requestedHmacAlgorithms } = parameters;
  const chunks =
    chunkList === undefined ? [] : [{ type: ParameterType.chunkList, value: Uint8Array.from(chunkList) }];
  return concatenated(
    [
      { type: ParameterType.random, value: random },
      ...chunks,
      { type: ParameterType.requestedHmacAlgorithms, value: encodeUint16List(requestedHmacAlgorithms) },
    ].map((parameter) => encodeParameters([parameter])),
  );
}

/**
 * The association shared key: the endpoint pair's key, of which there is none, then the key vectors, the numerically smaller one first, of
 * equal ones the shorter (RFC 4895 section 6.1).
 */
export function associationSharedKey(one: Uint8Array, other: Uint8Array): Uint8Array {
  return concatenated(isInOrder(one, other) ? [one, other] : [other, one]);
}

function isInOrder(one: Uint8Array, other: Uint8Array): boolean {
  const digits = Math.max(one.length, other.length);
  for (let digit = digits; digit > 0; digit -= 1) {
    const difference = (one[one.length - digit] ?? 0) - (other[other.length - digit] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return one.length <= other.length;
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
