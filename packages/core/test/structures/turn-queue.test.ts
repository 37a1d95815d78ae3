import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TurnQueue } from '../../src/structures/turn-queue.ts';

const slots = fc.nat(12);
const values = fc.nat(2); // few, so that most are equal
const rises = fc.constantFrom(0, 0, 0, 1, 1, 2);
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('put' as const), slot: slots, value: values }) },
    {
      weight: 8, // some of the first slots are used, from the first on
      arbitrary: fc.record({
        kind: fc.constant('use' as const),
        count: fc.constantFrom(1, 1, 1, 2, 4),
        turns: fc.constantFrom(1, 1, 0, 2),
        rise: rises,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('remove' as const), slot: slots }) },
  ),
  { maxLength: 300, size: 'max' },
);

test('a turn queue is a list sorted by value, then by the last turn', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const queue = new TurnQueue();
      const model = new Map<number, { value: number; turn: number }>();
      let turns = 0;
      const sorted = () =>
        Array.from(model)
          .sort(([, a], [, b]) => a.value - b.value || a.turn - b.turn)
          .map(([slot]) => slot);
      for (const step of sequence) {
        if (step.kind === 'use') {
          for (const [index, slot] of queue.lowest(step.count).entries()) {
            const entry = model.get(slot);
            if (entry === undefined) continue;
            const takesTurn = index < step.turns;
            if (takesTurn) entry.turn = turns++;
            queue.use(slot, (entry.value += step.rise), takesTurn);
          }
        } else if (step.kind === 'remove') {
          if (model.delete(step.slot)) queue.remove(step.slot);
        } else {
          const entry = model.get(step.slot);
          if (entry === undefined) {
            model.set(step.slot, { value: step.value, turn: turns++ });
            queue.add(step.slot, step.value);
          } else {
            queue.update(step.slot, (entry.value = step.value));
          }
        }
        const order = sorted();
        expect(queue.first()).toBe(order[0] ?? -1);
        expect(queue.lowest(4)).toEqual(order.slice(0, 4));
        expect(order.map((held) => queue.value(held))).toEqual(order.map((held) => model.get(held)?.value));
      }
      expect(queue.lowest(99)).toEqual(sorted());
    }),
    { numRuns: 100 },
  );
});
