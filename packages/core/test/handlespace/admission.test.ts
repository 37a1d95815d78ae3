import { CauseCode, encodePolicy, encodeTransport, poolHandle } from '@rserpool/wire';
import type { PoolElementParameter, PoolHandle, Transport } from '@rserpool/wire';
import { expect, test } from 'vitest';
import { HandlespaceWorld, parameterOf, roundRobin } from './handlespace-world.ts';

const limits = { maxPools: 3, maxElementsPerPool: 2, maxPoolHandleBytes: 8, maxAddressesPerElement: 2 };
const sctp: Transport = { protocol: 'sctp', port: 7, use: 'data', addresses: ['127.0.0.1'] };
const wide: Transport = { ...sctp, addresses: ['10.0.0.1', '10.0.0.2', '10.0.0.3'] };
const widest: Transport = {
  ...sctp,
  addresses: Array.from({ length: 600 }, (_, index) => `10.0.${index >> 8}.${index & 255}`),
};

/** Pools: one with a single element (1), a full one with two (1 and 2), if need be a third one. */
function createWorld(pools = 2): HandlespaceWorld {
  const world = new HandlespaceWorld(limits);
  world.register('single', 1, { registrationLifeMs: 1000 });
  world.register('full', 1);
  world.register('full', 2);
  if (pools === 3) world.register('third', 1);
  return world;
}

interface Case {
  readonly what: string;
  readonly handle: string;
  readonly parameter: PoolElementParameter;
  readonly code: number;
  readonly data: Uint8Array;
  readonly text: RegExp;
}

const none = new Uint8Array(0);
const cases: readonly Case[] = [
  {
    what: 'one pool too many',
    handle: 'fourth',
    parameter: parameterOf(3),
    code: CauseCode.lackOfResources,
    data: none,
    text: /^pool fourth, element 0x00000003: expected at most 3 pools/,
  },
  {
    what: 'one element too many',
    handle: 'full',
    parameter: parameterOf(3),
    code: CauseCode.lackOfResources,
    data: none,
    text: /^pool full, element 0x00000003: expected at most 2 elements in a pool/,
  },
  {
    what: 'an empty pool handle',
    handle: '',
    parameter: parameterOf(3),
    code: CauseCode.invalidValues,
    data: Uint8Array.of(0, 9, 0, 4),
    text: /expected a pool handle, got an empty one/,
  },
  {
    what: 'a pool handle that is too long',
    handle: 'nine char',
    parameter: parameterOf(3),
    code: CauseCode.invalidValues,
    data: none,
    text: /^element 0x00000003: expected a pool handle of at most 8 bytes, got 9/,
  },
  {
    what: 'PE identifier 0',
    handle: 'single',
    parameter: parameterOf(0),
    code: CauseCode.invalidValues,
    data: Uint8Array.of(0, 14, 0, 8, 0, 0, 0, 0),
    text: /^pool single, element 0x00000000: expected a PE identifier other than 0, got 0/,
  },
  {
    what: 'too many user addresses',
    handle: 'single',
    parameter: parameterOf(3, { userTransport: wide }),
    code: CauseCode.invalidValues,
    data: encodeTransport(wide),
    text: /expected at most 2 addresses, got 3/,
  },
  {
    what: 'too many user addresses in a re-registration',
    handle: 'single',
    parameter: parameterOf(1, { userTransport: wide }),
    code: CauseCode.invalidValues,
    data: encodeTransport(wide),
    text: /expected at most 2 addresses, got 3/,
  },
  {
    what: 'too many ASAP addresses',
    handle: 'single',
    parameter: parameterOf(3, { asapTransport: { ...wide, protocol: 'sctp', use: 'data', port: 7 } }),
    code: CauseCode.invalidValues,
    data: encodeTransport(wide),
    text: /expected at most 2 addresses, got 3/,
  },
  {
    what: 'so many addresses that there are no bytes for them',
    handle: 'single',
    parameter: parameterOf(3, { userTransport: widest }),
    code: CauseCode.invalidValues,
    data: none,
    text: /expected at most 2 addresses, got 600/,
  },
  {
    what: 'a policy with so much data that the answer might not fit into a message',
    handle: 'new',
    parameter: parameterOf(3, { policy: { name: 'other', type: 0x80001234, data: new Uint8Array(5000) } }),
    code: CauseCode.invalidValues,
    data: none,
    text: /expected a registered policy with values that it accepts, got type 0x80001234/,
  },
  {
    what: 'a policy that is not registered',
    handle: 'single',
    parameter: parameterOf(3, { policy: { name: 'other', type: 0x80001234, data: none } }),
    code: CauseCode.inconsistentPolicy,
    data: encodePolicy(roundRobin),
    text: /expected the pool's policy round-robin, got other/,
  },
  {
    what: 'another policy than the pool has',
    handle: 'single',
    parameter: parameterOf(3, { policy: { name: 'least-used', load: 1 } }),
    code: CauseCode.inconsistentPolicy,
    data: encodePolicy(roundRobin),
    text: /expected the pool's policy round-robin, got least-used/,
  },
  {
    what: 'another policy in a re-registration',
    handle: 'single',
    parameter: parameterOf(1, { policy: { name: 'random' } }),
    code: CauseCode.inconsistentPolicy,
    data: encodePolicy(roundRobin),
    text: /expected the pool's policy round-robin, got random/,
  },
  {
    what: 'another transport protocol',
    handle: 'single',
    parameter: parameterOf(3, { userTransport: { ...sctp, protocol: 'tcp' } }),
    code: CauseCode.inconsistentTransportType,
    data: encodeTransport(sctp),
    text: /expected the pool's user transport sctp, got tcp/,
  },
  {
    what: 'another transport use',
    handle: 'single',
    parameter: parameterOf(3, { userTransport: { ...sctp, use: 'data-control' } }),
    code: CauseCode.inconsistentDataControl,
    data: none,
    text: /expected the pool's transport use data, got data-control/,
  },
];

test.each(cases)('$what is rejected and changes nothing', ({ handle, parameter, code, data, text }) => {
  const world = createWorld(handle === 'fourth' ? 3 : 2);
  const before = snapshot(world);
  world.clock.runFor(500);
  const result = world.handlespace.register(poolHandle(handle), parameter);
  expect(result).toEqual({ ok: false, cause: { code, data }, text: expect.stringMatching(text) as string });
  expect(snapshot(world)).toEqual(before);
  world.clock.runFor(500); // the life of the single one was not renewed
  expect(world.expired.map(({ elementId }) => elementId)).toEqual([1]);
});

function snapshot({ handlespace }: HandlespaceWorld): unknown {
  return Array.from(handlespace.pools(), (pool) => ({
    handle: pool.handle,
    policyName: pool.policyName,
    elements: Array.from(pool.elements(), (element) => handlespace.toParameter(element)),
    checksum: handlespace.checksum(1),
  }));
}

test('an unknown policy founds no pool', () => {
  const world = new HandlespaceWorld();
  const policy = { name: 'other', type: 0x80001234, data: Uint8Array.of(1, 2, 3, 4) } as const;
  const result = world.handlespace.register(poolHandle('new'), parameterOf(1, { policy }));
  expect(result).toMatchObject({
    ok: false,
    cause: { code: CauseCode.invalidValues, data: encodePolicy(policy) },
    text: 'pool new, element 0x00000001: expected a registered policy with values that it accepts, got type 0x80001234',
  });
  expect(world.handlespace.poolCount).toBe(0);
});

test('an element at its limits is accepted, and one that is registered may always register again', () => {
  const world = createWorld();
  const two: Transport = { ...sctp, addresses: ['10.0.0.1', '10.0.0.2'] };
  expect(
    world.handlespace.register(poolHandle('full'), parameterOf(2, { userTransport: two })),
  ).toMatchObject({
    ok: true,
    created: false,
  });
  const small = new HandlespaceWorld({ ...limits, maxElementsPerPool: 0 });
  expect(small.handlespace.register(poolHandle('eight ch'), parameterOf(2))).toMatchObject({
    ok: false,
    cause: { code: CauseCode.lackOfResources },
  });
});

test('a pool that has vanished may come back with another policy and transport', () => {
  const world = createWorld();
  const handle: PoolHandle = poolHandle('single');
  const element = world.handlespace.find(handle, 1);
  if (element !== undefined) world.handlespace.remove(element);
  expect(world.handlespace.pool(handle)).toBeUndefined();
  const userTransport: Transport = { protocol: 'tcp', port: 1, use: 'data-control', addresses: ['::1'] };
  world.register('single', 1, { policy: { name: 'random' }, userTransport });
  expect(world.handlespace.pool(handle)?.policyName).toBe('random');
});
