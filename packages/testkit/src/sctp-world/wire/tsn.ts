/** Whether a TSN comes after another (RFC 9260 section 1.6). */
export function isAfter(tsn: number, other: number): boolean {
  const distance = (tsn - other) >>> 0;
  return distance > 0 && distance < 0x8000_0000;
}

export function plus(tsn: number, offset: number): number {
  return (tsn + offset) >>> 0;
}
