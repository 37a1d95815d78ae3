import { CauseCode } from '@rserpool/wire';
import type { HandleResolutionResponse } from '@rserpool/wire';
import { beforeEach, expect, it } from 'vitest';
import { poolHandle } from '@rserpool/wire';
import { AsapClient, echoPool } from './support/asap-client.ts';
import { RegistrarWorld } from './support/registrar-world.ts';
import type { TestRegistrar } from './support/registrar-world.ts';

let world: RegistrarWorld;
let registrar: TestRegistrar;
let owner: AsapClient;
let user: AsapClient;

beforeEach(() => {
  world = new RegistrarWorld(1);
  registrar = world.registrar('r1', 1, {
    timers: { subscriptionIntervalMs: 500, keepAliveIntervalMs: 1e9 },
    limits: { subscriptionsPerChannel: 2 },
  });
  owner = new AsapClient(world, 'e1', 'r1');
  user = new AsapClient(world, 'u1', 'r1');
});

const subscribe = { type: 'handle-resolution', subscribe: true, poolHandle: echoPool } as const;
const updates = (): HandleResolutionResponse[] => user.all('handle-resolution-response').slice(1);

it('the A bit accepts; each change is followed by a response', () => {
  owner.register(1);
  expect(user.exchange(subscribe)).toMatchObject([{ subscribed: true, elements: [{ elementId: 1 }] }]);
  owner.register(2);
  expect(updates()).toMatchObject([{ subscribed: true, causes: [] }]);
  expect(updates()[0]?.elements).toHaveLength(2);
  owner.deregister(2);
  expect(updates()[1]?.elements).toHaveLength(1);
  owner.register(1, { registrationLifeMs: 77_000 });
  expect(updates()[2]?.elements[0]).toMatchObject({ registrationLifeMs: 77_000 });
  expect(registrar.engine.statistics.dynamicUpdates).toBe(3);
});

it('many changes make one response in an interval', () => {
  owner.register(1);
  user.exchange(subscribe);
  for (let elementId = 2; elementId <= 50; elementId++) {
    owner.send({ type: 'registration', poolHandle: echoPool, element: owner.element(elementId) });
  }
  world.clock.runFor(480);
  expect(updates()).toHaveLength(0);
  world.clock.runFor(1_000);
  expect(updates()).toHaveLength(1);
  expect(updates()[0]?.elements).toHaveLength(50);
});

it('ends with the pool, and a negative response says so; a new pool of that handle is not subscribed', () => {
  owner.register(1);
  user.exchange(subscribe);
  owner.deregister(1);
  world.clock.runFor(500);
  expect(updates()).toMatchObject([
    { subscribed: false, elements: [], causes: [{ code: CauseCode.unknownPoolHandle }] },
  ]);
  owner.register(1);
  world.clock.runFor(2_000);
  expect(updates()).toHaveLength(1);
});

it('an unknown pool is not subscribed to', () => {
  expect(user.exchange(subscribe)).toMatchObject([{ subscribed: false, causes: [{ code: 9 }] }]);
  owner.register(1);
  world.clock.runFor(2_000);
  expect(updates()).toHaveLength(0);
});

it('above the limit: a response without the A bit', () => {
  const pools = ['A', 'B', 'C'].map((name) => poolHandle(name));
  for (const handle of pools) {
    owner.exchange({ type: 'registration', poolHandle: handle, element: owner.element(1) });
  }
  const accepted = pools.map((handle) => user.exchange({ ...subscribe, poolHandle: handle })[0]);
  expect(accepted).toMatchObject([{ subscribed: true }, { subscribed: true }, { subscribed: false }]);
  expect(
    user.exchange({ ...subscribe, poolHandle: poolHandle('A') }),
    'once more is no further one',
  ).toMatchObject([{ subscribed: true }]);
});

it('ends with the association', () => {
  owner.register(1);
  user.exchange(subscribe);
  user.channel.abort();
  world.clock.runFor(500);
  owner.register(2);
  world.clock.runFor(2_000);
  expect(registrar.engine.statistics.dynamicUpdates).toBe(0);
});

it('a great many subscribers are served in slices', () => {
  owner.register(1);
  const users = Array.from({ length: 500 }, (_, index) => new AsapClient(world, `u${index}`, 'r1'));
  for (const each of users) each.send(subscribe);
  world.clock.runFor(1_000);
  owner.register(2);
  world.clock.runFor(1_000);
  for (const each of users) expect(each.all('handle-resolution-response')).toHaveLength(2);
});
