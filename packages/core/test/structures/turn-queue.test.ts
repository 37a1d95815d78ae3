import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TurnQueue } from '../../src/structures/turn-queue.ts';

const slots = fc.nat(12);
const values = fc.nat(2); // few, so that most are equal
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('put' as const), slot: slots, value: values }) },
    {
      weight: 8,
      arbitrary: fc.record({ kind: fc.constant('turn' as const), rise: fc.constantFrom(0, 0, 0, 1, 1, 2) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('turn of' as const),
        slot: slots,
        rise: fc.constantFrom(-1, 0, 1),
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
        const slot = step.kind === 'turn' ? queue.first() : step.slot;
        const entry = model.get(slot);
        if (step.kind === 'put' && entry === undefined) {
          model.set(slot, { value: step.value, turn: turns++ });
          queue.add(slot, step.value);
        } else if (entry === undefined) {
          continue;
        } else if (step.kind === 'put') {
          queue.update(slot, (entry.value = step.value));
        } else if (step.kind === 'remove') {
          queue.remove(slot);
          model.delete(slot);
        } else {
          entry.turn = turns++;
          queue.takeTurn(slot, (entry.value += step.rise));
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
