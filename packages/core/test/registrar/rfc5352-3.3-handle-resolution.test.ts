import { CauseCode, maxMessageBytes, encodeAsap, poolHandle } from '@rserpool/wire';
import type { HandleResolutionResponse } from '@rserpool/wire';
import { describe, expect, it } from 'vitest';
import { AsapClient, echoPool } from './support/asap-client.ts';
import { RegistrarWorld } from './support/registrar-world.ts';
import type { TestRegistrar, TestRegistrarOptions } from './support/registrar-world.ts';

function setUp(options: TestRegistrarOptions = {}): {
  registrar: TestRegistrar;
  user: AsapClient;
  owner: AsapClient;
} {
  const world = new RegistrarWorld(1);
  const registrar = world.registrar('r1', 1, options);
  return { registrar, user: new AsapClient(world, 'u1', 'r1'), owner: new AsapClient(world, 'e1', 'r1') };
}

function resolve(user: AsapClient, items?: number, pool = echoPool): HandleResolutionResponse {
  const [response] = user.exchange({
    type: 'handle-resolution',
    subscribe: false,
    poolHandle: pool,
    ...(items === undefined ? {} : { items }),
  });
  if (response?.type !== 'handle-resolution-response') throw new Error('a resolution response expected');
  return response;
}

const ids = (response: HandleResolutionResponse): number[] =>
  response.elements.map(({ elementId }) => elementId);

it('lists the elements by the policy of the pool, with home and life, and always the policy', () => {
  const { owner, user } = setUp();
  for (const elementId of [1, 2, 3]) owner.register(elementId, { registrationLifeMs: Infinity });
  const response = resolve(user);
  expect(response).toMatchObject({ subscribed: false, causes: [], policy: { name: 'round-robin' } });
  expect(ids(response).sort()).toEqual([1, 2, 3]);
  expect(response.elements[0]).toMatchObject({ homeRegistrarId: 1, registrationLifeMs: Infinity });
  expect(response.elements[0], 'how registrars reach elements is not for users').not.toHaveProperty(
    'asapTransport',
  );
});

it('round robin over single items', () => {
  const { owner, user } = setUp();
  for (const elementId of [1, 2, 3]) owner.register(elementId);
  expect([1, 2, 3, 4].map(() => ids(resolve(user, 1))[0])).toEqual([1, 2, 3, 1]);
});

it('an unknown pool is rejected with cause 9 (RFC 5354 section 3.12.11)', () => {
  const { registrar, user } = setUp();
  expect(resolve(user)).toEqual({
    type: 'handle-resolution-response',
    subscribed: false,
    poolHandle: echoPool,
    elements: [],
    causes: [{ code: CauseCode.unknownPoolHandle, data: new Uint8Array() }],
  });
  expect(registrar.engine.statistics).toMatchObject({ resolutions: 1, rejections: new Map([[9, 1]]) });
});

describe('number of items', () => {
  const cases: [string, number | undefined, number | undefined, number][] = [
    ['all of them where none is named (RFC 5352)', undefined, undefined, 9],
    ['the configured number where none is named', undefined, 3, 3],
    ['the number that is wanted', 5, 3, 5],
    ['as many as there are', Infinity, 3, 9],
    ['0 is none, which is no answer', 0, 3, 0],
  ];
  it.each(cases)('%s', (_, items, defaultResolutionItems, expected) => {
    const { owner, user } = setUp(defaultResolutionItems === undefined ? {} : { defaultResolutionItems });
    for (let elementId = 1; elementId <= 9; elementId++) owner.register(elementId);
    expect(ids(resolve(user, items))).toHaveLength(expected);
  });

  it('never more than the limit', () => {
    const { owner, user } = setUp({ limits: { resolutionItems: 4 } });
    for (let elementId = 1; elementId <= 9; elementId++) owner.register(elementId);
    expect(ids(resolve(user, Infinity))).toHaveLength(4);
  });

  it('nor more than fit a message, however large the elements are', () => {
    const { registrar, user } = setUp({ limits: { resolutionItems: 5_000, maxAddressesPerElement: 64 } });
    const addresses = Array.from({ length: 64 }, (_, index) => `2001:db8::${(index + 1).toString(16)}`);
    for (let elementId = 1; elementId <= 200; elementId++) {
      registrar.engine.handlespace.register(poolHandle('Large'), {
        elementId,
        homeRegistrarId: 1,
        registrationLifeMs: 1_000_000,
        userTransport: { protocol: 'sctp', port: 7, use: 'data', addresses },
        policy: { name: 'round-robin' },
      });
    }
    const response = resolve(user, Infinity, poolHandle('Large'));
    expect(response.elements.length).toBeGreaterThan(40);
    expect(encodeAsap(response, 'rsplib').length).toBeLessThanOrEqual(maxMessageBytes);
  });
});

it('above the rate limit of an association: lack of resources, for that association only, until time has passed', () => {
  const { owner, user } = setUp({ limits: { resolutionsPerSecond: 2, resolutionsBurst: 3 } });
  owner.register(1);
  for (let count = 0; count < 10; count++) {
    user.send({ type: 'handle-resolution', subscribe: false, poolHandle: echoPool });
  }
  const response = resolve(user); // one more, 1 s until it is over
  const causes = user
    .all('handle-resolution-response')
    .flatMap((each) => each.causes.map(({ code }) => code));
  expect(causes).toEqual(Array.from({ length: 8 }, () => CauseCode.lackOfResources));
  expect(response.elements).toHaveLength(1);
  expect(resolve(owner).elements).toHaveLength(1);
  expect(resolve(user).elements).toHaveLength(1);
});
