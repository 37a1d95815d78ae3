import { policyDefinitions } from '@rserpool/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OrderHarness } from './order-harness.ts';

const definition =
  policyDefinitions.find(({ name }) => name === 'weighted-round-robin') ?? policyDefinitions[0];

function poolOf(weights: readonly number[]): OrderHarness {
  if (definition === undefined) throw new Error('no such policy');
  const pool = new OrderHarness(definition);
  for (const [id, weight] of weights.entries()) pool.put(id, { name: 'weighted-round-robin', weight });
  return pool;
}

function selectOneByOne(pool: OrderHarness, count: number): number[] {
  return Array.from({ length: count }, () => pool.select(1)[0] ?? -1);
}

test.each([
  { weights: [1, 1, 1], list: [0, 1, 2] }, // all weights 1: round robin (RFC 5356 section 4.2.1)
  { weights: [2, 1], list: [0, 1, 0] },
  { weights: [5, 1, 1], list: [0, 1, 0, 0, 0, 2, 0] },
  { weights: [3, 0, 2], list: [0, 2, 0, 2, 0] },
  { weights: [4, 2, 2, 1], list: [0, 1, 0, 2, 3, 0, 1, 0, 2] },
])('weights $weights make the circular list $list', ({ weights, list }) => {
  const pool = poolOf(weights);
  expect(selectOneByOne(pool, 2 * list.length)).toEqual([...list, ...list]);
});

const someWeights = fc.array(fc.nat(12), { minLength: 1, maxLength: 12 });

test('in each round an element is selected as often as its weight says', () => {
  fc.assert(
    fc.property(someWeights, (weights) => {
      const pool = poolOf(weights);
      const length = weights.reduce((sum, weight) => sum + weight, 0);
      for (let round = 0; round < 3; round++) {
        const selected = selectOneByOne(pool, length);
        expect(weights.map((_, id) => selected.filter((other) => other === id).length)).toEqual(weights);
      }
    }),
  );
});

test('between two turns of an element of weight w, one of weight v has floor(v / w) to ceil(v / w) of its own', () => {
  fc.assert(
    fc.property(someWeights, (weights) => {
      const length = weights.reduce((sum, weight) => sum + weight, 0);
      const selected = selectOneByOne(poolOf(weights), 2 * length);
      for (const [id, weight] of weights.entries()) {
        let counts: number[] | undefined; // turns of each element since the last one of this
        for (const other of selected) {
          if (other !== id) {
            if (counts !== undefined) counts[other] = (counts[other] ?? 0) + 1;
            continue;
          }
          const uneven = counts?.some((count, index) => {
            const expected = (weights[index] ?? 0) / weight;
            return index !== id && (count < Math.floor(expected) || count > Math.ceil(expected));
          });
          expect(uneven ?? false).toBe(false);
          counts = weights.map(() => 0);
        }
      }
    }),
  );
});

test('ratios are exact for the largest weights, too: a round takes as long as it takes', () => {
  const pool = poolOf([0xffffffff, 0xfffffffe]);
  const selected = selectOneByOne(pool, 10_000);
  expect(selected.filter((id) => id === 0)).toHaveLength(5000);
});

test('an element that changes its weight all the time is not starved, nor does it get much more', () => {
  const pool = poolOf([3, 3, 3, 2, 2, 2]);
  let turns = 0;
  for (let count = 0; count < 6000; count++) {
    pool.put(0, { name: 'weighted-round-robin', weight: count % 2 === 0 ? 2 : 3 });
    if (pool.select(1)[0] === 0) turns++;
  }
  const share = (6000 * 2.5) / 14.5;
  expect(turns).toBeGreaterThan(share);
  expect(turns).toBeLessThan(2 * share); // it takes part in the passes of two classes
});

test('a pool of which no element is capable of any service has nothing to select (section 3.2)', () => {
  const pool = poolOf([0, 0]);
  expect(pool.select(1)).toEqual([]);
  expect(pool.select(3)).toEqual([]);
  pool.put(1, { name: 'weighted-round-robin', weight: 1 });
  expect(pool.select(3)).toEqual([1]);
});
