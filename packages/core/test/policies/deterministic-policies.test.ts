import { policyDefinitions } from '@rserpool/core';
import type { Policy, PolicyName } from '@rserpool/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  NaiveRoundRobin,
  NaiveSorted,
  NaiveWeightedRoundRobin,
  sortedPolicyNames,
} from './naive-policies.ts';
import type { NaivePolicy } from './naive-policies.ts';
import { OrderHarness } from './order-harness.ts';

/** All values that any policy knows; each takes its own. Few different ones, so that there are many equals. */
const values = fc.record({
  load: fc.constantFrom(0, 1, 2, 0xfffffffe, 0xffffffff),
  degradation: fc.constantFrom(0, 1, 0xffffffff),
  loadDpf: fc.constantFrom(0, 1, 0x10000000),
  priority: fc.constantFrom(0, 1, 0xffffffff),
  weight: fc.constantFrom(0, 1, 1, 2, 3, 5),
  distanceMs: fc.constantFrom(0, 1, 20),
});
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('put' as const), id: fc.nat(9), values }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), id: fc.nat(9) }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('distance' as const), id: fc.nat(9), distanceMs: fc.nat(3) }),
    },
    {
      weight: 8,
      arbitrary: fc.record({
        kind: fc.constant('select' as const),
        items: fc.constantFrom(1, 1, 1, 2, 3, 99),
      }),
    },
  ),
  { maxLength: 200, size: 'max' },
);

function check(name: PolicyName, naive: () => NaivePolicy, increments: number | undefined): void {
  const definition = policyDefinitions.find((candidate) => candidate.name === name);
  if (definition === undefined) throw new Error(`no policy ${name}`);
  fc.assert(
    fc.property(steps, (sequence) => {
      const harness = new OrderHarness(definition);
      const model = naive();
      for (const step of sequence) {
        if (step.kind === 'put') {
          const policy = { name, ...step.values } as Policy; // more fields than the policy has
          harness.put(step.id, policy, step.values.distanceMs);
          model.put(step.id, policy, step.values.distanceMs);
        } else if (step.kind === 'remove') {
          harness.remove(step.id);
          model.remove(step.id);
        } else if (step.kind === 'distance') {
          harness.setDistance(step.id, step.distanceMs);
          model.setDistance?.(step.id, step.distanceMs);
        } else {
          expect(harness.select(step.items, increments)).toEqual(model.select(step.items, increments));
        }
      }
    }),
    { numRuns: 40 },
  );
}

// RFC 5356 sections 4.1.2, 4.2.2, 4.5.2, 5.1.2, 5.2.2 and 5.3.2, and the private ones of RSPLIB.
describe.each([
  { increments: undefined, how: 'as RFC 5356 says' },
  { increments: 1, how: 'as RSPLIB does' },
  { increments: 2, how: 'with two elements that count as used' },
  { increments: 0, how: 'with none that counts as used' },
])('order of selections $how', ({ increments }) => {
  test('round-robin', () => check('round-robin', () => new NaiveRoundRobin(), increments));

  test('weighted-round-robin', () =>
    check('weighted-round-robin', () => new NaiveWeightedRoundRobin(), increments));

  test.each(sortedPolicyNames)('%s', (name) => check(name, () => new NaiveSorted(name), increments));
});

test('every deterministic policy is in the table above', () => {
  const random = policyDefinitions.filter(({ name }) => name.includes('random')).length;
  expect(sortedPolicyNames.length + 2 + random).toBe(policyDefinitions.length);
});
