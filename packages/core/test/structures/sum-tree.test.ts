import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SumTree } from '../../src/structures/sum-tree.ts';

const changes = fc.array(
  fc.tuple(fc.nat(50), fc.oneof(fc.constant(0), fc.nat(5), fc.integer({ min: 1, max: 0xffffffff }))),
  {
    maxLength: 200,
    size: 'max',
  },
);

test('every point of the total belongs to the slot that covers it', () => {
  fc.assert(
    fc.property(
      changes,
      fc.array(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
      (sequence, fractions) => {
        const tree = new SumTree();
        const weights: number[] = Array.from({ length: 51 }, () => 0);
        for (const [slot, weight] of sequence) {
          tree.set(slot, weight);
          weights[slot] = weight;
          expect(tree.weight(slot)).toBe(weight);
        }
        const total = weights.reduce((sum, weight) => sum + weight, 0);
        expect(tree.total).toBe(total); // integers: exact
        if (total === 0) return;
        for (const fraction of fractions) {
          const point = Math.floor(fraction * total);
          let end = 0;
          const slot = weights.findIndex((weight) => (end += weight) > point);
          expect(tree.find(point)).toBe(slot);
        }
      },
    ),
  );
});

test('weights that cannot be added without rounding never lead to a slot of weight 0', () => {
  const weight = fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1e15, noNaN: true }));
  fc.assert(
    fc.property(fc.array(weight, { minLength: 1, maxLength: 40 }), (weights) => {
      const tree = new SumTree();
      for (const [slot, value] of weights.entries()) tree.set(slot, value);
      if (tree.total === 0) return;
      for (const fraction of [0, 0.25, 0.5, 0.999, 1 - 2 ** -53, 1]) {
        expect(weights[tree.find(fraction * tree.total)]).toBeGreaterThan(0);
      }
    }),
  );
});

test('sums do not drift: what was added and removed a million times leaves nothing', () => {
  const tree = new SumTree();
  for (let round = 0; round < 1_000_000; round++) tree.set(round % 7, round % 3 === 0 ? 0 : 0.1 * round);
  for (let slot = 0; slot < 7; slot++) tree.set(slot, 0);
  expect(tree.total).toBe(0);
});
