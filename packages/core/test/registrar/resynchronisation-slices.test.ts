import { expect, it } from 'vitest';
import { elementAt, echoPool } from './support/asap-client.ts';
import { FakePeer } from './support/fake-peer.ts';
import { RegistrarWorld } from './support/registrar-world.ts';
import type { TestRegistrar } from './support/registrar-world.ts';

const elementsPerSlice = 10;
const count = 95;

/** A peer that has listed 95 elements, and has none of them any more. */
function setUp(): { world: RegistrarWorld; registrar: TestRegistrar; peer: FakePeer } {
  const world = new RegistrarWorld(1);
  const registrar = world.registrar('r1', 1, { limits: { elementsPerSlice } });
  const peer = new FakePeer(world, 'p5', 5);
  let elements = Array.from({ length: count }, (_, index) =>
    elementAt('e1', index + 1, { homeRegistrarId: 5 }),
  );
  peer.respond = (message, channel) => {
    if (message.type !== 'handle-table-request') return;
    const pools = elements.length === 0 ? [] : [{ poolHandle: echoPool, elements }];
    peer.send({ type: 'handle-table-response', rejected: false, more: false, pools }, channel);
    elements = [];
  };
  peer.checksum = 0x4711; // never fits, so it is loaded again and again
  peer.connect('r1');
  world.clock.runFor(200);
  expect(registrar.engine.handlespace.elementCount).toBe(count);
  return { world, registrar, peer };
}

it('what a resynchronisation leaves unlisted is removed in slices, and told when all is gone', () => {
  const { world, registrar } = setUp();
  const { handlespace } = registrar.engine;
  const steps: number[] = [];
  let before = count;
  const goesOn = world.clock.runUntil(() => {
    if (handlespace.elementCount !== before) steps.push(before - handlespace.elementCount);
    before = handlespace.elementCount;
    return before === 0;
  }, 10_000);
  expect(goesOn).toBe(true);
  expect(steps).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 10, 5]);
  world.clock.runFor(100);
  expect(registrar.events.at(-1)).toEqual({ type: 'resynchronised', registrarId: 5, removed: count });
  expect(registrar.engine.statistics.elementsRemoved).toBe(count);
});

it('a registrar that is stopped in between removes no more', () => {
  const { world, registrar } = setUp();
  const { handlespace } = registrar.engine;
  world.clock.runUntil(() => handlespace.elementCount < count, 10_000);
  registrar.engine.stop();
  world.clock.runFor(1_000);
  expect(handlespace.elementCount).toBe(count - elementsPerSlice);
});

it('an update between two slices is kept', () => {
  const { world, registrar, peer } = setUp();
  const { handlespace } = registrar.engine;
  world.clock.runUntil(() => handlespace.elementCount < count, 10_000);
  peer.update('add', { elementId: 94 });
  world.clock.runFor(1_000);
  expect(handlespace.find(echoPool, 94)?.homeRegistrarId).toBe(5);
});
