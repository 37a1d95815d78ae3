import { policyDefinitions } from '@rserpool/core';
import type { Policy, PolicyName } from '@rserpool/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chiSquare } from './chi-square.ts';
import { OrderHarness } from './order-harness.ts';

// Seeds are fixed: these tests always give the same result. Had they not been, a right implementation would fail each
// chi-square test with a probability of one in a million.

const full = 0xffffffff;
const quarter = 0x40000000;

interface Case {
  readonly elements: readonly { readonly policy: Policy; readonly distanceMs?: number }[];
  /** Weights that the elements must have, up to a common factor. */
  readonly weights: readonly number[];
}

const unload = (...loads: readonly number[]) => loads.map((load) => full - load);

// RFC 5356 sections 4.3.2, 4.4.2 and 5.4.2, and the private ones of RSPLIB.
const cases: Partial<Record<PolicyName, Case>> = {
  random: { elements: Array(5).fill({ policy: { name: 'random' } }), weights: [1, 1, 1, 1, 1] },
  'weighted-random': {
    elements: [1, 2, 0, 5, 10].map((weight) => ({ policy: { name: 'weighted-random', weight } })),
    weights: [1, 2, 0, 5, 10],
  },
  'randomized-least-used': {
    elements: [0, quarter, 2 * quarter, 3 * quarter].map((load) => ({
      policy: { name: 'randomized-least-used', load },
    })),
    weights: unload(0, quarter, 2 * quarter, 3 * quarter),
  },
  'randomized-priority-least-used': {
    elements: [
      { policy: { name: 'randomized-priority-least-used', load: 0, degradation: quarter } },
      { policy: { name: 'randomized-priority-least-used', load: quarter, degradation: 2 * quarter } },
      { policy: { name: 'randomized-priority-least-used', load: 0, degradation: 0 } },
    ],
    weights: unload(quarter, 3 * quarter, 0),
  },
  'randomized-least-used-degradation': {
    elements: [quarter, 0, 2 * quarter].map((load) => ({
      policy: { name: 'randomized-least-used-degradation', load, degradation: 0 },
    })),
    weights: unload(quarter, 0, 2 * quarter),
  },
  'randomized-priority-least-used-degradation': {
    elements: [quarter, 0, 2 * quarter].map((load) => ({
      policy: { name: 'randomized-priority-least-used-degradation', load, degradation: 0 },
    })),
    weights: unload(quarter, 0, 2 * quarter),
  },
  'weighted-random-dpf': {
    elements: [
      { policy: { name: 'weighted-random-dpf', weight: 10, weightDpf: full / 100, distanceMs: 0 } },
      {
        policy: { name: 'weighted-random-dpf', weight: 10, weightDpf: full / 100, distanceMs: 0 },
        distanceMs: 50,
      },
      {
        policy: { name: 'weighted-random-dpf', weight: 1, weightDpf: full / 100, distanceMs: 0 },
        distanceMs: 10,
      },
      {
        policy: { name: 'weighted-random-dpf', weight: 10, weightDpf: full / 100, distanceMs: 0 },
        distanceMs: 150,
      },
    ],
    weights: [10, 5, 0.9, 0],
  },
};

function poolOf(name: string, elements: Case['elements'], seed: number): OrderHarness {
  const definition = policyDefinitions.find((candidate) => candidate.name === name);
  if (definition === undefined) throw new Error(`no policy ${name}`);
  const pool = new OrderHarness(definition, seed);
  for (const [id, { policy, distanceMs }] of elements.entries()) pool.put(id, policy, distanceMs);
  return pool;
}

test('every random policy is in the table above', () => {
  const names = policyDefinitions.map(({ name }) => name).filter((name) => name.includes('random'));
  expect(Object.keys(cases).sort()).toEqual(names.sort());
});

describe.each(Object.entries(cases))('%s', (name, { elements, weights }) => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const probabilities = weights.map((weight) => weight / total);

  test('draws elements in the ratio of their weights', () => {
    const pool = poolOf(name, elements, 42);
    const counts = weights.map(() => 0);
    for (let draw = 0; draw < 20_000; draw++) {
      const [id = -1] = pool.select(1);
      counts[id] = (counts[id] ?? 0) + 1;
    }
    const { statistic, limit } = chiSquare(counts, probabilities);
    expect(statistic).toBeLessThan(limit);
  });

  test('draws a second element in the ratio of the weights of the others', () => {
    const pool = poolOf(name, elements, 43);
    const counts = new Map<string, number>();
    for (let draw = 0; draw < 40_000; draw++) {
      const pair = pool.select(2).join();
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    const pairs = probabilities.flatMap((first, a) =>
      probabilities.flatMap((second, b) =>
        a === b ? [] : [{ pair: `${a},${b}`, probability: (first * second) / (1 - first) }],
      ),
    );
    const { statistic, limit } = chiSquare(
      pairs.map(({ pair }) => counts.get(pair) ?? 0),
      pairs.map(({ probability }) => probability),
    );
    expect(statistic).toBeLessThan(limit);
  });

  test('returns none twice and all that may be used', () => {
    const capable = Array.from(weights.keys()).filter((id) => weights[id] !== 0);
    const pool = poolOf(name, elements, 44);
    for (let draw = 0; draw < 100; draw++) expect(pool.select(99).sort()).toEqual(capable);
    expect(pool.select(0)).toEqual([]);
  });

  test('draws the same from the same seed', () => {
    const draws = (seed: number) => {
      const pool = poolOf(name, elements, seed);
      return Array.from({ length: 50 }, () => pool.select(2).join());
    };
    expect(draws(45)).toEqual(draws(45));
    expect(draws(45)).not.toEqual(draws(46));
  });

  test('goes on with those that are there, whatever comes and goes', () => {
    const steps = fc.array(
      fc.record({ id: fc.nat(20), kind: fc.constantFrom('put', 'remove', 'select'), items: fc.nat(5) }),
    );
    fc.assert(
      fc.property(steps, (sequence) => {
        const pool = poolOf(name, [], 47);
        const there = new Set<number>();
        for (const { id, kind, items } of sequence) {
          const element = elements[id % elements.length];
          if (kind === 'put' && element !== undefined) {
            pool.put(id, element.policy, element.distanceMs);
            if (weights[id % elements.length] !== 0) there.add(id);
          } else if (kind === 'remove') {
            pool.remove(id);
            there.delete(id);
          } else {
            const selected = pool.select(items);
            expect(new Set(selected).size).toBe(Math.min(items, there.size));
            for (const selectedId of selected) expect(there).toContain(selectedId);
          }
        }
      }),
    );
  });
});

test.each(['randomized-least-used-degradation', 'randomized-priority-least-used-degradation'] as const)(
  '%s: degradation grows with each selection and is forgotten at a re-registration',
  (name) => {
    const policy: Policy = { name, load: 0, degradation: full / 2 };
    const pool = poolOf(name, [{ policy }, { policy }], 48);
    const counts = [0, 0];
    for (let round = 0; round < 1000; round++) {
      pool.put(0, policy);
      pool.put(1, policy);
      // After its first selections an element weighs 1 of 0xffffffff.
      const ids = Array.from({ length: 4 }, () => pool.select(1)[0] ?? -1);
      expect(ids).toContain(0);
      expect(ids).toContain(1);
      counts[ids[0] ?? -1] = (counts[ids[0] ?? -1] ?? 0) + 1;
    }
    const { statistic, limit } = chiSquare(counts, [0.5, 0.5]);
    expect(statistic).toBeLessThan(limit);
  },
);

test('a weighted pool of only zero weights has nothing to select (RFC 5356 section 3.2)', () => {
  const policy: Policy = { name: 'weighted-random', weight: 0 };
  expect(poolOf('weighted-random', [{ policy }, { policy }], 1).select(2)).toEqual([]);
});

test('a randomized pool of only fully loaded elements still selects', () => {
  const policy: Policy = { name: 'randomized-least-used', load: full };
  expect(poolOf('randomized-least-used', [{ policy }, { policy }], 1).select(3).sort()).toEqual([0, 1]);
});
