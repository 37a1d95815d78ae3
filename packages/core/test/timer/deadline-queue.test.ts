import { VirtualClock, VirtualHost } from '@rserpool/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DeadlineQueue } from '../../src/timer/deadline-queue.ts';

class Item {
  readonly name: number;
  registrationLifeMs = 0;
  expiresAtMs = 0;
  deadlineSlot = -1;
  constructor(name: number) {
    this.name = name;
  }
}

function createQueue(onExpired: (item: Item) => void = () => undefined) {
  const clock = new VirtualClock(1);
  const queue = new DeadlineQueue<Item>(new VirtualHost(clock, 'queue'), onExpired);
  const schedule = (item: Item, lifeMs: number) => {
    item.registrationLifeMs = lifeMs;
    item.expiresAtMs = clock.nowMs + lifeMs;
    queue.schedule(item);
  };
  return { clock, queue, schedule };
}

const lives = fc.constantFrom(0, 1, 100, 101.7, 100_000, 5e9, Infinity);
const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('schedule' as const), item: fc.nat(9), lifeMs: lives }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), item: fc.nat(9) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('pass' as const),
        forMs: fc.constantFrom(0.3, 1, 50, 3000, 3e9),
      }),
    },
  ),
  { maxLength: 100, size: 'max' },
);

test('each item expires at its deadline, once, with at most one timer for all', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const deadlines = new Map<Item, number>();
      const { clock, queue, schedule } = createQueue((item) => {
        expect(clock.nowMs).toBeCloseTo(deadlines.get(item) ?? NaN, 6); // sums of fractions differ in the last bit
        deadlines.delete(item);
      });
      const items = Array.from({ length: 10 }, (_, name) => new Item(name));
      for (const step of sequence) {
        const item = items[step.kind === 'pass' ? 0 : step.item] ?? new Item(-1);
        if (step.kind === 'schedule') {
          schedule(item, step.lifeMs);
          deadlines.set(item, item.expiresAtMs);
        } else if (step.kind === 'remove') {
          queue.remove(item);
          deadlines.delete(item);
        } else {
          clock.runFor(step.forMs);
          for (const deadline of deadlines.values()) expect(deadline).toBeGreaterThan(clock.nowMs);
        }
        const finite = Array.from(deadlines.values()).some((deadline) => deadline < Infinity);
        expect(clock.pendingTimers).toBe(finite ? 1 : 0);
      }
    }),
    { numRuns: 300 },
  );
});

test('items of one deadline expire in the order in which they were scheduled', () => {
  const expired: number[] = [];
  const { clock, schedule } = createQueue((item) => expired.push(item.name));
  const items = Array.from({ length: 5 }, (_, name) => new Item(name));
  for (const item of items) schedule(item, 100);
  if (items[1] !== undefined) schedule(items[1], 100);
  clock.runUntilIdle();
  expect(expired).toEqual([0, 2, 3, 4, 1]);
});

test('what expires may remove and schedule others', () => {
  const expired: string[] = [];
  const [a, b, c] = [new Item(1), new Item(2), new Item(3)];
  const { clock, queue, schedule } = createQueue((item) => {
    expired.push(`${item.name} at ${clock.nowMs}`);
    if (item === a && expired.length === 1) {
      queue.remove(b);
      schedule(c, 10);
      schedule(a, 50);
    }
  });
  for (const item of [a, b, c]) schedule(item, 100);
  clock.runUntilIdle();
  expect(expired).toEqual(['1 at 100', '3 at 110', '1 at 150']);
});

test('a thousand re-registrations set a handful of timers', () => {
  const { clock, schedule } = createQueue();
  const item = new Item(1);
  for (let count = 0; count < 1000; count++) {
    schedule(item, 1000);
    clock.runFor(10);
  }
  expect(clock.eventsRun).toBeLessThanOrEqual(11); // 10 seconds, and a life of one second
});

test('closed, nothing expires any more', () => {
  const { clock, queue, schedule } = createQueue(() => expect.unreachable());
  schedule(new Item(1), 10);
  schedule(new Item(2), 20);
  queue.close();
  expect(clock.pendingTimers).toBe(0);
  clock.runFor(100);
});
