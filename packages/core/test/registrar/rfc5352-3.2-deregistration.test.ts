import { beforeEach, expect, it } from 'vitest';
import { AsapClient, echoPool } from './support/asap-client.ts';
import { RegistrarWorld, viewOf } from './support/registrar-world.ts';
import type { TestRegistrar } from './support/registrar-world.ts';

let world: RegistrarWorld;
let one: TestRegistrar;
let two: TestRegistrar;

beforeEach(() => {
  world = new RegistrarWorld(1);
  const [first, second] = world.mesh(2);
  if (first === undefined || second === undefined) throw new Error('two registrars expected');
  one = first;
  two = second;
});

const granted = { type: 'deregistration-response', poolHandle: echoPool, elementId: 17, causes: [] };

it('removes the element, the pool with its last one, and at all peers', () => {
  const client = new AsapClient(world, 'e1', 'r1');
  client.register(17);
  expect(viewOf(two.engine)).toEqual(['EchoPool/17@1']);
  expect(client.deregister(17)).toEqual([granted]);
  expect(one.engine.handlespace.poolCount).toBe(0);
  expect(two.engine.handlespace.poolCount).toBe(0);
  expect(one.events.at(-1)).toEqual({
    type: 'removed',
    poolHandle: echoPool,
    elementId: 17,
    homeRegistrarId: 1,
    reason: 'deregistered',
  });
});

it('an unknown element counts as deregistered, and peers hear nothing', () => {
  expect(new AsapClient(world, 'e1', 'r1').deregister(17)).toEqual([granted]);
  expect(one.engine.statistics).toMatchObject({ deregistrations: 0, updatesSent: 0 });
});

it('an element may deregister at another registrar, from its own addresses', () => {
  new AsapClient(world, 'e1', 'r1').register(17);
  expect(new AsapClient(world, 'e1', 'r2').deregister(17)).toEqual([granted]);
  expect([...viewOf(one.engine), ...viewOf(two.engine)]).toEqual([]);
});

it('the end of a registration life tells the element, and removes it everywhere', () => {
  const client = new AsapClient(world, 'e1', 'r1');
  client.register(17, { registrationLifeMs: 3_000 });
  client.acknowledgeFor(1_500, 17);
  expect(viewOf(two.engine)).toEqual(['EchoPool/17@1']);
  client.acknowledgeFor(1_000, 17);
  expect(client.received.at(-1)).toEqual(granted);
  expect([...viewOf(one.engine), ...viewOf(two.engine)]).toEqual([]);
  expect(one.events.at(-1)).toMatchObject({ type: 'removed', reason: 'expired' });
});

it('a life without end does not end', () => {
  const client = new AsapClient(world, 'e1', 'r1');
  client.register(17, { registrationLifeMs: Infinity });
  client.acknowledgeFor(3_600_000, 17);
  expect(viewOf(two.engine)).toEqual(['EchoPool/17@1']);
});
