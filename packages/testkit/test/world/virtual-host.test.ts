import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/world/virtual-clock.ts';
import { VirtualNetwork } from '../../src/world/virtual-network.ts';

describe('a skewed clock', () => {
  it('goes at its rate from its offset, and so do its timers; the world does not', () => {
    const clock = new VirtualClock(1);
    const node = new VirtualNetwork(clock).node('a');
    const host = node.host('fast', { clockRate: 1.25, clockOffsetMs: 1_000 });
    expect(host.nowMs()).toBe(1_000);
    let expiredMs = 0;
    host.setTimer(500, () => (expiredMs = clock.nowMs));
    clock.runFor(800);
    expect(expiredMs).toBe(400);
    expect(host.nowMs()).toBe(2_000);
    host.log('info', 'hello');
    expect(host.logEntries.at(-1)?.timeMs).toBe(800);
  });

  it('never shows less than the delay when a timer expires, and hardly more', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.5, max: 2, noNaN: true }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
        fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { maxLength: 20 }),
        (clockRate, clockOffsetMs, delays) => {
          const clock = new VirtualClock(1);
          const host = new VirtualNetwork(clock).node('a').host('skewed', { clockRate, clockOffsetMs });
          for (const delayMs of delays) {
            const startMs = host.nowMs();
            let isExpired = false;
            host.setTimer(delayMs, () => (isExpired = true));
            clock.runUntil(() => isExpired, 1e9);
            expect(host.nowMs()).toBeGreaterThanOrEqual(startMs + delayMs);
            expect(host.nowMs()).toBeLessThan(startMs + delayMs + 1e-3);
          }
        },
      ),
    );
  });

  it.each([0, -1, NaN, Infinity])('refuses a rate of %s', (clockRate) => {
    const node = new VirtualNetwork(new VirtualClock(1)).node('a');
    expect(() => node.host('stopped', { clockRate })).toThrow(RangeError);
  });
});
