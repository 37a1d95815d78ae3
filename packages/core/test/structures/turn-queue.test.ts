import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TurnQueue } from '../../src/structures/turn-queue.ts';

const slots = fc.nat(12);
const values = fc.nat(2); // few, so that most are equal
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('put' as const), slot: slots, value: values }) },
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant('turn' as const), rise: fc.constantFrom(0, 0, 0, 1) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), slot: slots }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('restore' as const), slot: slots, value: values }),
    },
  ),
  { maxLength: 300, size: 'max' },
);

test('a turn queue is a list sorted by value, then by the last turn', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const queue = new TurnQueue();
      const model = new Map<number, { value: number; turn: number }>();
      let turns = 0;
      const first = () => Array.from(model).sort(([, a], [, b]) => a.value - b.value || a.turn - b.turn)[0];
      for (const step of sequence) {
        if (step.kind === 'turn') {
          const [slot, entry] = first() ?? [-1, undefined];
          if (entry !== undefined) {
            entry.value += step.rise;
            entry.turn = turns++;
            queue.takeTurn(slot, entry.value);
          }
        } else {
          const entry = model.get(step.slot);
          if (step.kind === 'put' && entry === undefined) {
            model.set(step.slot, { value: step.value, turn: turns++ });
            queue.add(step.slot, step.value);
          } else if (entry !== undefined) {
            if (step.kind === 'put') queue.update(step.slot, (entry.value = step.value));
            else queue.remove(step.slot);
            if (step.kind === 'restore') queue.restore(step.slot, (entry.value = step.value));
            if (step.kind === 'remove') model.delete(step.slot);
          }
        }
        expect(queue.first()).toBe(first()?.[0] ?? -1);
        for (const [slot, { value }] of model) expect(queue.value(slot)).toBe(value);
      }
    }),
    { numRuns: 100 },
  );
});
