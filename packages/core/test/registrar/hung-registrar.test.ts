import { expect, it } from 'vitest';
import { PoolWorld } from '@rserpool/testkit';

// Found by a mixed world: a search that was over when the registrar went on set a timer in the past, which a virtual clock refuses.
it('a registrar that hangs while it searches an element, and goes on after the grace time, removes the element', () => {
  const world = new PoolWorld({ seed: 1 });
  const { engine } = world.startRegistrar('r1', { registrarId: 1, peers: [] });
  world.clock.runFor(1_000);
  world.startElement('e1', { pool: 'EchoPool', registrars: ['r1'] });
  world.clock.runFor(1_000);
  expect(engine.handlespace.elementCount).toBe(1);

  world.kill('e1');
  world.clock.runFor(20); // its association is lost: it is searched
  world.cut('r1', 'e1');
  world.clock.runFor(1_000); // and does not answer
  world.suspend('r1');
  world.clock.runFor(30_000);
  world.resume('r1');
  world.clock.runFor(1_000);
  expect(engine.handlespace.elementCount).toBe(0);
});
