import { Handlespace, PolicyRegistry, policyDefinitions, standardPolicies } from '@rserpool/core';
import type { PolicyDefinition, PolicyMember, PolicyOrder } from '@rserpool/core';
import { VirtualClock, VirtualHost } from '@rserpool/testkit';
import { CauseCode, poolHandle } from '@rserpool/wire';
import type { Policy, PoolElementParameter } from '@rserpool/wire';
import { describe, expect, test } from 'vitest';

/** RFC 5356 section 7.1 and RSPLIB's private numbers. Round robin must be there (section 4.1.1). */
const types: Readonly<Record<string, number>> = {
  'round-robin': 0x00000001,
  'weighted-round-robin': 0x00000002,
  random: 0x00000003,
  'weighted-random': 0x00000004,
  priority: 0x00000005,
  'least-used': 0x40000001,
  'least-used-degradation': 0x40000002,
  'priority-least-used': 0x40000003,
  'randomized-least-used': 0x40000004,
  'randomized-priority-least-used': 0xb0001001,
  'randomized-least-used-degradation': 0xb0001002,
  'priority-least-used-degradation': 0xb0001003,
  'randomized-priority-least-used-degradation': 0xb0001004,
  'weighted-random-dpf': 0xb0002001,
  'least-used-dpf': 0xb0002002,
  'least-used-degradation-dpf': 0xb0002003,
  'priority-least-used-dpf': 0xb0002004,
  'priority-least-used-degradation-dpf': 0xb0002005,
};

/** An application's own policy: the last one of the alphabet first, by the first byte of its policy data. */
const alphabetical: PolicyDefinition = {
  name: 'alphabetical',
  type: 0x80001234,
  accepts: (policy) => letter(policy) !== undefined,
  createOrder: <M extends PolicyMember>(): PolicyOrder<M> => {
    const members = new Set<M>();
    return {
      add: (member) => members.add(member),
      update: () => undefined,
      remove: (member) => members.delete(member),
      select: (items) =>
        Array.from(members)
          .sort((a, b) => (letter(b.policy) ?? 0) - (letter(a.policy) ?? 0))
          .slice(0, items),
    };
  },
};

function letter(policy: Policy): number | undefined {
  return policy.name === 'other' && policy.data.length === 1 ? policy.data[0] : undefined;
}

test('the standard registry has all policies under their numbers', () => {
  expect(Object.fromEntries(policyDefinitions.map(({ name, type }) => [name, type]))).toEqual(types);
});

describe("an application's own policy", () => {
  const policies = standardPolicies();
  policies.register(alphabetical);
  const handlespace = new Handlespace({
    host: new VirtualHost(new VirtualClock(1), 'handlespace'),
    limits: { maxPools: 9, maxElementsPerPool: 9, maxPoolHandleBytes: 9, maxAddressesPerElement: 9 },
    policies,
    onExpired: () => undefined,
  });
  const handle = poolHandle('own');
  const parameter = (elementId: number, ...data: number[]): PoolElementParameter => ({
    elementId,
    homeRegistrarId: 1,
    registrationLifeMs: Infinity,
    userTransport: { protocol: 'tcp', port: 1, use: 'data', addresses: ['127.0.0.1'] },
    policy: { name: 'other', type: 0x80001234, data: Uint8Array.from(data) },
  });

  test('orders its pool', () => {
    for (const [index, value] of [7, 9, 8].entries())
      handlespace.register(handle, parameter(index + 1, value));
    expect(handlespace.select(handle, 2).map(({ elementId }) => elementId)).toEqual([2, 3]);
    expect(handlespace.pool(handle)?.policyName).toBe('alphabetical');
  });

  test('turns down data that it cannot parse', () => {
    const result = handlespace.register(handle, parameter(4, 1, 2));
    expect(result).toMatchObject({ ok: false, cause: { code: CauseCode.invalidValues } });
    expect(handlespace.elementCount).toBe(3);
  });
});

describe('registration of a policy', () => {
  test.each([
    { what: 'a name that is taken', name: 'random', type: 0x80000001, message: /already registered/ },
    { what: 'a number that is taken', name: 'own', type: 0x40000001, message: /registered as least-used/ },
    {
      what: 'a number that the RFC calls invalid',
      name: 'own',
      type: 0x40000000,
      message: /expected a type/,
    },
    { what: 'a number of more than 32 bits', name: 'own', type: 2 ** 32, message: /expected a type/ },
  ])('fails for $what', ({ name, type, message }) => {
    expect(() => standardPolicies().register({ ...alphabetical, name, type })).toThrow(message);
  });

  test('is for one registry only', () => {
    const policy: Policy = { name: 'random' };
    expect(new PolicyRegistry().find(policy)).toBeUndefined();
    expect(standardPolicies().find(policy)?.type).toBe(3);
  });
});
