import { VirtualClock, VirtualHost } from '@rserpool/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Alarm } from '../../src/registrar/alarm.ts';

const delays = fc.constantFrom(0, 0.1, 1, 99.9, 100, 1_000, 12_345.678);
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('set' as const), ms: delays }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), ms: delays }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: delays }) },
  ),
  { maxLength: 60, size: 'max' },
);

test('rings once, when it was set for last, with at most one timer', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const clock = new VirtualClock(1);
      const alarm = new Alarm(new VirtualHost(clock, 'alarm'));
      let dueAtMs: number | undefined;
      const rang = (forMs: number) => () => {
        expect(forMs).toBe(dueAtMs);
        expect(clock.nowMs).toBeCloseTo(forMs, 6); // sums of fractions differ in the last bit
        expect(alarm.isSet).toBe(false);
        dueAtMs = undefined;
      };
      for (const { kind, ms } of sequence) {
        if (kind === 'set') {
          dueAtMs = clock.nowMs + ms;
          alarm.set(ms, rang(dueAtMs));
        } else if (kind === 'cancel') {
          dueAtMs = undefined;
          alarm.cancel();
          expect(clock.pendingTimers).toBe(0);
        } else {
          clock.runFor(ms + 0.001);
        }
        expect(alarm.isSet).toBe(dueAtMs !== undefined);
        expect(clock.pendingTimers).toBe(dueAtMs === undefined ? 0 : 1);
        if (dueAtMs !== undefined) expect(dueAtMs).toBeGreaterThan(clock.nowMs - 0.001);
      }
    }),
  );
});
