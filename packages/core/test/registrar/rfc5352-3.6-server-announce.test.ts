import type { ServerAnnounce } from '@rserpool/wire';
import { expect, it } from 'vitest';
import { RegistrarWorld, asapPort, transportAt } from './support/registrar-world.ts';

function listen(world: RegistrarWorld): ServerAnnounce[] {
  const heard: ServerAnnounce[] = [];
  world.asapGroup.join(world.network.node('u1'), (message) => heard.push(message));
  return heard;
}

it('a registrar announces its ASAP transports every T6, once it serves', () => {
  const world = new RegistrarWorld(1);
  const heard = listen(world);
  world.registrar('r1', 1, { multicast: true });
  world.clock.runFor(2_900);
  expect(heard, 'it looks for a mentor first').toEqual([]);
  world.clock.runFor(10_100);
  expect(heard.length).toBeGreaterThanOrEqual(9);
  expect(heard.length).toBeLessThanOrEqual(11);
  expect(heard[0]).toEqual({
    type: 'server-announce',
    registrarId: 1,
    transports: [transportAt('r1', asapPort)],
  });
});

it('however many there are, there is about one announcement in each T6', () => {
  const world = new RegistrarWorld(1);
  world.mesh(5);
  world.clock.runFor(20_000);
  const heard = listen(world);
  world.clock.runFor(60_000);
  expect(heard.length).toBeGreaterThan(50);
  expect(heard.length).toBeLessThan(70);
});

it('one that is gone does not count any more', () => {
  const world = new RegistrarWorld(1);
  const [one, two] = world.mesh(2);
  world.clock.runFor(10_000);
  if (one === undefined || two === undefined) throw new Error('two registrars expected');
  world.kill(two);
  world.clock.runFor(15_000);
  const heard = listen(world);
  world.clock.runFor(20_000);
  expect(heard.length).toBeGreaterThan(17);
});
