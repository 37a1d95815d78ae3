import { expect, it } from 'vitest';
import { AsapClient } from './support/asap-client.ts';
import { RegistrarWorld, viewOf } from './support/registrar-world.ts';
import { TestElement } from './support/test-element.ts';

it('a registrar that leaves closes its associations: elements move at once, peers take over the rest', () => {
  const world = new RegistrarWorld(1);
  const [one, two] = world.mesh(2);
  if (one === undefined || two === undefined) throw new Error('two registrars expected');
  const moving = new TestElement(world, 'e1', { elementId: 1, registrars: ['r1', 'r2'] });
  new TestElement(world, 'e2', { elementId: 2, registrars: ['r1'] });
  const user = new AsapClient(world, 'u1', 'r1');
  world.clock.runFor(1_000);
  one.engine.stop();
  world.clock.runFor(500);
  expect(user.downReason).toBe('closed');
  expect(viewOf(two.engine)).toEqual(['EchoPool/1@2', 'EchoPool/2@1']);
  expect(moving.registeredCount).toBe(2);
  world.mustBecomeTrue('taken over', 3_500, () => viewOf(two.engine).join() === 'EchoPool/1@2,EchoPool/2@2');
});

it('nothing of it goes on: no message, no timer', () => {
  const world = new RegistrarWorld(1);
  const registrar = world.registrar('r1', 1, { multicast: true });
  const client = new AsapClient(world, 'e1', 'r1');
  world.clock.runFor(4_000);
  client.register(1, { registrationLifeMs: 30_000 });
  world.mustBecomeTrue('being asked', 10_000, () => client.all('endpoint-keep-alive').length === 1);
  registrar.engine.stop();
  registrar.engine.stop();
  const events = registrar.events.length;
  world.clock.runUntilIdle(10_000);
  expect(registrar.events).toHaveLength(events);
  expect(registrar.engine.phase).toBe('stopped');
  const late = new AsapClient(world, 'e1', 'r1');
  world.clock.runFor(500);
  expect(late.downReason).toBeDefined();
});
