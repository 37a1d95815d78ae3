import { expect, it } from 'vitest';
import { RoundTripTime } from '../src/round-trip-time.ts';

// RFC 6298 section 2: SRTT <- R for the first sample, then SRTT <- 7/8 SRTT + 1/8 R'.
it('smooths as RFC 6298 says', () => {
  const time = new RoundTripTime();
  expect(time.smoothedMs).toBeUndefined();
  const smoothed = [80, 160, 90, 0].map((sampleMs) => {
    time.add(sampleMs);
    return time.smoothedMs;
  });
  expect(smoothed).toEqual([80, 90, 90, 78.75]);
});
