import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/world/random-stream.ts';
import { VirtualClock } from '../../src/world/virtual-clock.ts';
import { formatVirtualLog, VirtualHost } from '../../src/world/virtual-host.ts';

describe('VirtualClock', () => {
  it('runs timers at their time, equal ones in the order of scheduling', () => {
    const clock = new VirtualClock(1);
    const seen: string[] = [];
    const note = (what: string) => (): void => void seen.push(`${what}@${clock.nowMs}`);
    clock.setTimer(20, note('c'));
    clock.setTimer(10, note('a'));
    clock.setTimer(10, note('b'));
    clock.runFor(15);
    expect(seen).toEqual(['a@10', 'b@10']);
    expect(clock.nowMs).toBe(15);
    clock.runFor(5); // up to and including
    expect(seen).toEqual(['a@10', 'b@10', 'c@20']);
    expect(clock.eventsRun).toBe(3);
  });

  it('never calls back inside setTimer, not even without delay', () => {
    const clock = new VirtualClock(1);
    let called = false;
    clock.setTimer(0, () => (called = true));
    expect(called).toBe(false);
    clock.runFor(0);
    expect(called).toBe(true);
  });

  it('forgets a cancelled timer at once', () => {
    const clock = new VirtualClock(1);
    const timer = clock.setTimer(10, () => expect.unreachable());
    timer.cancel();
    timer.cancel();
    expect(clock.pendingTimers).toBe(0);
    clock.runUntilIdle();
  });

  it('does not let a timer of a dead process happen', () => {
    const clock = new VirtualClock(1);
    const process = { alive: true };
    clock.setTimer(10, () => expect.unreachable(), process);
    process.alive = false;
    clock.runFor(20);
    expect(clock.eventsRun).toBe(0);
  });

  it('runUntil stops right after the event that made the condition true, or when the limit has passed', () => {
    const clock = new VirtualClock(1);
    let count = 0;
    const again = (): void => {
      count++;
      clock.setTimer(10, again);
    };
    again();
    expect(clock.runUntil(() => count === 4, 1_000)).toBe(true);
    expect(clock.nowMs).toBe(30);
    expect(clock.runUntil(() => count === 100, 25)).toBe(false);
    expect(clock.nowMs).toBe(55);
    expect(() => clock.runUntilIdle(1_000)).toThrow('not idle after 1000 ms, seed 1');
  });

  it.each([-1, NaN, Infinity])('refuses a delay of %s', (delayMs) => {
    expect(() => new VirtualClock(1).setTimer(delayMs, () => undefined)).toThrow('a delay must be');
  });
});

describe('RandomStream', () => {
  it('repeats for the same seed and name, and differs for every other', () => {
    const first = (seed: number, name: string): number[] => {
      const stream = new RandomStream(seed, name);
      return Array.from({ length: 8 }, () => stream.nextUint32());
    };
    expect(first(1, 'a')).toEqual(first(1, 'a'));
    const streams = [first(1, 'a'), first(2, 'a'), first(1, 'b'), first(0, 'a'), first(2 ** 40, 'a')];
    expect(new Set(streams.flat()).size).toBe(40);
  });

  it('is sfc32: these numbers were calculated by another implementation (Python)', () => {
    const stream = new RandomStream(1, 'pinned');
    expect([stream.nextUint32(), stream.nextUint32(), stream.nextUint32()]).toEqual([
      2555021174, 3340401782, 3262384393,
    ]);
  });

  it('is uniform in each of 32 bits and over 16 cells (chi-squared, 0.1 % limit)', () => {
    const stream = new RandomStream(7);
    const bits = new Array<number>(32).fill(0);
    const cells = new Array<number>(16).fill(0);
    for (let draw = 0; draw < 16_000; draw++) {
      const number = stream.nextUint32();
      for (let bit = 0; bit < 32; bit++) bits[bit] = (bits[bit] ?? 0) + ((number >>> bit) & 1);
      cells[number >>> 28] = (cells[number >>> 28] ?? 0) + 1;
    }
    for (const ones of bits) expect(Math.abs(ones - 8_000)).toBeLessThan(4.2 * Math.sqrt(4_000));
    const chiSquared = cells.reduce((sum, count) => sum + (count - 1_000) ** 2 / 1_000, 0);
    expect(chiSquared).toBeLessThan(37.7); // 15 degrees of freedom
  });

  it('nextBetween stays in its range', () => {
    const stream = new RandomStream(3);
    for (let draw = 0; draw < 1_000; draw++) {
      const value = stream.nextBetween(2, 3);
      expect(value).toBeGreaterThanOrEqual(2);
      expect(value).toBeLessThan(3);
    }
    expect(stream.nextBetween(5, 5)).toBe(5);
  });
});

describe('VirtualHost', () => {
  it('gives a process that starts again under its name other random numbers', () => {
    const clock = new VirtualClock(1);
    expect(new VirtualHost(clock, 'pe').randomUint32()).not.toBe(new VirtualHost(clock, 'pe').randomUint32());
    expect(new VirtualHost(new VirtualClock(1), 'pe').randomUint32()).toBe(
      new VirtualHost(new VirtualClock(1), 'pe').randomUint32(),
    );
  });

  it('keeps a log with the virtual time', () => {
    const clock = new VirtualClock(1);
    const host = new VirtualHost(clock, 'pe');
    clock.runFor(1_500);
    host.log('warn', 'registration rejected', { cause: 5 });
    expect(formatVirtualLog(host.logEntries)).toBe('    1500.000 pe warn: registration rejected cause=5');
  });
});
