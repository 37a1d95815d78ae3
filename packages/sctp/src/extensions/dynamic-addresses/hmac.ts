/** A message authentication code (RFC 2104) by either hash: an extension that authenticates is given it, for engines compute none. */
export type Hmac = (hash: 'sha1' | 'sha256', key: Uint8Array, data: Uint8Array) => Uint8Array;

/** RFC 4895 section 3.3. */
export interface HmacAlgorithm {
  /** HMAC Identifier. */
  readonly id: number;
  readonly hash: 'sha1' | 'sha256';
  readonly hmacBytes: number;
}

/** Those that we have, the most wanted first. Nobody may be without SHA-1. */
export const hmacAlgorithms: readonly HmacAlgorithm[] = [
  { id: 3, hash: 'sha256', hmacBytes: 32 },
  { id: 1, hash: 'sha1', hmacBytes: 20 },
];

/** The first of a list that we have (RFC 4895 section 6.1). */
export function firstKnownAlgorithm(ids: readonly number[]): HmacAlgorithm | undefined {
  for (const id of ids) {
    const algorithm = hmacAlgorithms.find((known) => known.id === id);
    if (algorithm !== undefined) return algorithm;
  }
  return undefined;
}
