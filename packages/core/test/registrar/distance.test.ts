import type { Policy } from '@rserpool/wire';
import { describe, expect, it } from 'vitest';
import { distanceMs } from '../../src/registrar/distance.ts';
import { AsapClient, echoPool } from './support/asap-client.ts';
import { FakePeer } from './support/fake-peer.ts';
import { RegistrarWorld } from './support/registrar-world.ts';

const leastUsedDpf: Policy = { name: 'least-used-dpf', load: 0, loadDpf: 1, distanceMs: 0 };

describe('equation 3 of the paper: the nearest multiple of the step', () => {
  it.each([
    [0, 50, 0],
    [24, 50, 0],
    [25, 50, 50],
    [74, 50, 50],
    [120, 50, 100],
    [7, 1, 7],
  ])('%i ms in steps of %i ms: %i ms', (delayMs, stepMs, expected) => {
    expect(distanceMs(delayMs, stepMs)).toBe(expected);
  });
});

/** e1 -40 ms- r1 -40 ms- r2: each way. */
function setUp(): { world: RegistrarWorld; client: AsapClient } {
  const world = new RegistrarWorld(1, { delay: { minMs: 1, maxMs: 1 } });
  world.network.setDelay('r1', 'r2', { minMs: 40, maxMs: 40 });
  world.network.setDelay('r1', 'e1', { minMs: 40, maxMs: 40 });
  world.mesh(2, { timers: { keepAliveIntervalMs: 1e9 } });
  const client = new AsapClient(world, 'e1', 'r1');
  client.register(17, { policy: leastUsedDpf });
  return { world, client };
}

it('the home uses the delay to its element; a peer adds the delay to the home and rounds the sum, once', () => {
  const { world } = setUp();
  const [one, two] = world.registrars.map(({ engine }) => engine.handlespace.find(echoPool, 17));
  expect(one?.distanceMs).toBe(50);
  expect(two?.distanceMs, 'not 100: 40 + 40 = 80 is rounded, not each part').toBe(100);
  expect(two?.policy, 'what is reported is not rounded').toMatchObject({ distanceMs: 40 });
});

it('users see the distance from the registrar that they ask', () => {
  const { world } = setUp();
  const distances = ['r1', 'r2'].map((address) => {
    const [response] = new AsapClient(world, 'u1', address).exchange({
      type: 'handle-resolution',
      subscribe: false,
      poolHandle: echoPool,
    });
    return response?.type === 'handle-resolution-response' ? response.elements[0]?.policy : undefined;
  });
  expect(distances).toMatchObject([{ distanceMs: 50 }, { distanceMs: 100 }]);
});

it('a newcomer gets the reported delay from its mentor and adds its own', () => {
  const { world } = setUp();
  world.network.setDelay('r1', 'r3', { minMs: 15, maxMs: 15 });
  const three = world.registrar('r3', 3, { peers: ['r2', 'r1'] });
  world.clock.runFor(10_000);
  expect(three.engine.handlespace.find(echoPool, 17)).toMatchObject({
    distanceMs: 50, // 40 + 15
    policy: { distanceMs: 40 },
  });
});

it('a resynchronisation reports the same', () => {
  const { world } = setUp();
  const peer = new FakePeer(world, 'p5', 5);
  peer.connect('r1');
  peer.send({ type: 'handle-table-request', ownChildrenOnly: true });
  world.clock.runFor(500);
  expect(peer.all('handle-table-response')[0]?.pools[0]?.elements[0]?.policy).toMatchObject({
    distanceMs: 40,
  });
});

it('distances follow the delay between registrars', () => {
  const { world } = setUp();
  const element = world.registrars[1]?.engine.handlespace.find(echoPool, 17);
  world.network.setDelay('r1', 'r2', { minMs: 210, maxMs: 210 });
  world.clock.runFor(5_000);
  expect(element?.distanceMs).toBe(250);
});

it('the delay that an element claims itself does not count', () => {
  const { client, world } = setUp();
  client.register(17, { policy: { ...leastUsedDpf, distanceMs: 4_000_000 } });
  expect(world.registrars[0]?.engine.handlespace.find(echoPool, 17)?.distanceMs).toBe(50);
});
