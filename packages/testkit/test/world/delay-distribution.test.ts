import { describe, expect, it } from 'vitest';
import { checkDelay, drawDelayMs, meanDelayMs } from '../../src/world/delay-distribution.ts';
import type { DelayDistribution } from '../../src/world/delay-distribution.ts';
import { RandomStream } from '../../src/world/random-stream.ts';

const count = 40_000;

function drawMany(distribution: DelayDistribution): number[] {
  const random = new RandomStream(5, 'delays');
  return Array.from({ length: count }, () => drawDelayMs(distribution, random));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe('DelayDistribution', () => {
  it.each([
    { distribution: { minMs: 2, maxMs: 6 }, deviationMs: 4 / Math.sqrt(12), leastMs: 2, mostMs: 6 },
    {
      distribution: { kind: 'uniform', minMs: 2, maxMs: 6 },
      deviationMs: 4 / Math.sqrt(12),
      leastMs: 2,
      mostMs: 6,
    },
    { distribution: { kind: 'constant', delayMs: 7 }, deviationMs: 0, leastMs: 7, mostMs: 7 },
    { distribution: { kind: 'normal', meanMs: 30, deviationMs: 5 }, deviationMs: 5, leastMs: 0, mostMs: 60 },
    {
      distribution: { kind: 'exponential', minMs: 10, meanMs: 14 },
      deviationMs: 4,
      leastMs: 10,
      mostMs: 100,
    },
  ] as const)(
    '$distribution has its mean and deviation',
    ({ distribution, deviationMs, leastMs, mostMs }) => {
      const values = drawMany(distribution);
      const expectedMean = meanDelayMs(distribution);
      // 4 standard errors
      expect(Math.abs(mean(values) - expectedMean)).toBeLessThanOrEqual(
        (4 * deviationMs) / Math.sqrt(count) + 1e-9,
      );
      const variance = mean(values.map((value) => (value - expectedMean) ** 2));
      expect(Math.abs(Math.sqrt(variance) - deviationMs)).toBeLessThanOrEqual(deviationMs * 0.05);
      expect(Math.min(...values)).toBeGreaterThanOrEqual(leastMs);
      expect(Math.max(...values)).toBeLessThanOrEqual(mostMs);
    },
  );

  it('a normal one is never negative', () => {
    const values = drawMany({ kind: 'normal', meanMs: 1, deviationMs: 5 });
    expect(Math.min(...values)).toBe(0);
  });

  it('a uniform one draws one number, a point none', () => {
    const [drawn, compared] = [new RandomStream(1), new RandomStream(1)];
    drawDelayMs({ minMs: 1, maxMs: 5 }, drawn);
    compared.nextUint32();
    drawDelayMs({ minMs: 5, maxMs: 5 }, drawn);
    drawDelayMs({ kind: 'constant', delayMs: 5 }, drawn);
    expect(drawn.nextUint32()).toBe(compared.nextUint32());
  });

  it.each([
    { minMs: -1, maxMs: 5 },
    { minMs: 6, maxMs: 5 },
    { minMs: 0, maxMs: Infinity },
    { kind: 'constant', delayMs: NaN },
    { kind: 'normal', meanMs: 1, deviationMs: -1 },
    { kind: 'exponential', minMs: 5, meanMs: 4 },
  ] as const)('refuses %o', (distribution) => {
    expect(() => checkDelay('test', distribution)).toThrow(RangeError);
  });
});
