import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue, ScheduledEvent } from '../../src/world/event-queue.ts';
import { theWorld } from '../../src/world/virtual-clock.ts';

class TestEvent extends ScheduledEvent {
  readonly name: number;

  constructor(name: number) {
    super(theWorld);
    this.name = name;
  }

  override run(): void {
    throw new Error('the queue does not run events');
  }
}

type Step = { readonly push: number } | { readonly remove: number } | 'pop';

const steps = fc.array(
  fc.oneof(
    // few different times, so that many are equal
    fc.record({
      push: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.double({ min: 0, max: 1e6, noNaN: true })),
    }),
    fc.record({ remove: fc.nat() }),
    fc.constant('pop' as const),
  ),
  { maxLength: 300 },
);

/** The naive model: a list that is sorted by time, and stable. */
class Model {
  #events: { name: number; timeMs: number }[] = [];

  push(name: number, timeMs: number): void {
    this.#events.push({ name, timeMs });
    this.#events.sort((left, right) => left.timeMs - right.timeMs);
  }

  remove(name: number): void {
    this.#events = this.#events.filter((event) => event.name !== name);
  }

  pop(): number | undefined {
    return this.#events.shift()?.name;
  }

  get size(): number {
    return this.#events.length;
  }
}

describe('EventQueue', () => {
  it('gives what a stably sorted list gives, whatever is pushed, removed and popped', () => {
    fc.assert(
      fc.property(steps, (sequence: readonly Step[]) => {
        const queue = new EventQueue();
        const model = new Model();
        const events: TestEvent[] = [];
        for (const step of sequence) {
          if (step === 'pop') {
            const popped = queue.pop();
            expect(popped instanceof TestEvent ? popped.name : undefined).toBe(model.pop());
          } else if ('push' in step) {
            const event = new TestEvent(events.length);
            events.push(event);
            queue.push(event, step.push);
            model.push(event.name, step.push);
          } else {
            const event = events[step.remove % Math.max(events.length, 1)];
            if (event !== undefined) {
              queue.remove(event);
              model.remove(event.name);
            }
          }
          expect(queue.size).toBe(model.size);
        }
        while (model.size > 0) {
          const popped = queue.pop();
          expect(popped instanceof TestEvent ? popped.name : undefined).toBe(model.pop());
        }
        expect(queue.pop()).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('takes an event again after it left, but not twice', () => {
    const queue = new EventQueue();
    const event = new TestEvent(1);
    queue.push(event, 1);
    expect(() => queue.push(event, 2)).toThrow('queued already');
    queue.remove(event);
    queue.push(event, 2);
    expect(queue.pop()).toBe(event);
  });
});
