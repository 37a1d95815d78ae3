import type { Host } from '../port/host.ts';

/** A uniformly distributed integer from 0 up to, without, `end` (at most 2 ** 32), exactly: surplus values are drawn again. */
export function randomBelow(host: Host, end: number): number {
  const limit = 2 ** 32 - (2 ** 32 % end);
  for (;;) {
    const value = host.randomUint32();
    if (value < limit) return value % end;
  }
}

/** A uniformly distributed number from 0 up to, without, 1, of 53 random bits. */
export function randomFraction(host: Host): number {
  return ((host.randomUint32() >>> 5) * 2 ** 26 + (host.randomUint32() >>> 6)) / 2 ** 53;
}
