// Serial number arithmetic (RFC 9260 section 1.6, RFC 1982): TSNs wrap at 2^32, stream sequence numbers at 2^16.

export function nextTsn(tsn: number): number {
  return (tsn + 1) >>> 0;
}

export function previousTsn(tsn: number): number {
  return (tsn - 1) >>> 0;
}

/** Whether `tsn` comes after `other`. */
export function isLaterTsn(tsn: number, other: number): boolean {
  return ((tsn - other) | 0) > 0;
}

/** How far `tsn` is after `from`, from 0 to 2^32 - 1. */
export function tsnDistance(from: number, tsn: number): number {
  return (tsn - from) >>> 0;
}

export function nextStreamSequence(streamSequence: number): number {
  return (streamSequence + 1) & 0xffff;
}

/** Whether `streamSequence` comes after `other`. */
export function isLaterStreamSequence(streamSequence: number, other: number): boolean {
  return ((streamSequence - other) << 16) >> 16 > 0;
}
