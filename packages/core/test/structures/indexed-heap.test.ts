import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IndexedHeap } from '../../src/structures/indexed-heap.ts';

const slots = fc.nat(40);
const keys = fc.tuple(fc.nat(5), fc.nat(3)); // few, so that many are equal
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('put' as const), slot: slots, key: keys }),
    fc.record({ kind: fc.constant('remove' as const), slot: slots }),
    fc.record({ kind: fc.constant('remove-first' as const) }),
  ),
  { maxLength: 300, size: 'max' },
);

test('an indexed heap is a sorted list', () => {
  fc.assert(
    fc.property(steps, (sequence) => {
      const heap = new IndexedHeap();
      const model = new Map<number, [number, number]>();
      const sorted = () =>
        Array.from(model)
          .sort(([slotA, [a, x]], [slotB, [b, y]]) => a - b || x - y || slotA - slotB)
          .map(([slot]) => slot);
      for (const step of sequence) {
        const slot = step.kind === 'remove-first' ? heap.first() : step.slot;
        expect(heap.has(slot < 0 ? 0 : slot)).toBe(model.has(slot < 0 ? 0 : slot));
        if (step.kind === 'put') {
          if (model.has(slot)) heap.update(slot, ...step.key);
          else heap.add(slot, ...step.key);
          model.set(slot, step.key);
        } else if (model.delete(slot)) heap.remove(slot);
        const [first, second] = sorted();
        expect(heap.size).toBe(model.size);
        expect(heap.first()).toBe(first ?? -1);
        const lowest = heap.lowest(4);
        expect(new Set(lowest).size).toBe(lowest.length);
        expect(lowest.map((held) => model.get(held))).toEqual(
          sorted()
            .slice(0, 4)
            .map((held) => model.get(held)),
        );
        expect(heap.secondMajor()).toBe(model.get(second ?? -1)?.[0] ?? Infinity);
        for (const [held, [major, minor]] of model) {
          expect([heap.major(held), heap.minor(held)]).toEqual([major, minor]);
        }
      }
      for (const slot of sorted()) {
        expect(heap.first()).toBe(slot);
        heap.remove(slot);
      }
    }),
  );
});
