import { expect, it } from 'vitest';
import { elementAt, echoPool } from './support/asap-client.ts';
import { FakePeer } from './support/fake-peer.ts';
import { RegistrarWorld, viewOf } from './support/registrar-world.ts';
import type { TestRegistrar } from './support/registrar-world.ts';

/*
 * RSPLIB deviates from RFC 5353 in its takeover (reference/rsplib.md, section 3.2): the lower identifier wins, it gives up
 * without all acknowledgements, and its ENRP_TAKEOVER_SERVER is never delivered. Elements must not be lost by that.
 */

function setUp(rsplibId: number): { world: RegistrarWorld; registrar: TestRegistrar; rsplib: FakePeer } {
  const world = new RegistrarWorld(3);
  const registrar = world.registrar('r1', 10);
  const target = new FakePeer(world, 'p5', 5);
  const rsplib = new FakePeer(world, 'p20', rsplibId);
  target.connect('r1');
  rsplib.connect('r1');
  world.clock.runFor(1_000);
  target.update('add', { elementId: 17 });
  world.clock.runFor(10);
  target.isSilent = true;
  return { world, registrar, rsplib };
}

const initTakeover = { type: 'init-takeover', targetId: 5 } as const;
const acknowledgement = { type: 'init-takeover-ack', targetId: 5 } as const;

it('RSPLIB takes over and nobody hears it: the audit finds the new home, and the dead one is dropped', () => {
  const { world, registrar, rsplib } = setUp(20);
  world.clock.runFor(4_000);
  rsplib.send(initTakeover);
  world.clock.runFor(100);
  expect(rsplib.all('init-takeover-ack')).toHaveLength(1);
  rsplib.respond = (message, channel) => {
    if (message.type === 'init-takeover') rsplib.send(acknowledgement);
    if (message.type !== 'handle-table-request') return;
    const pools = [{ poolHandle: echoPool, elements: [elementAt('e1', 17, { homeRegistrarId: 20 })] }];
    rsplib.send({ type: 'handle-table-response', rejected: false, more: false, pools }, channel);
  };
  const reference = new RegistrarWorld(9).registrar('x', 20).engine.handlespace;
  reference.register(echoPool, elementAt('e1', 17, { homeRegistrarId: 20 }));
  rsplib.checksum = reference.checksum(20);
  world.mustBecomeTrue('found', 6_500, () => viewOf(registrar.engine).join() === 'EchoPool/17@20');
  world.clock.runFor(15_000);
  expect(registrar.engine.peers().map(({ registrarId }) => registrarId)).toEqual([20]);
  expect(registrar.engine.statistics.takeovers).toBe(0);
});

it('both give way to each other (RSPLIB to the lower, this one to the higher identifier): a second attempt succeeds', () => {
  const { world, registrar, rsplib } = setUp(20);
  world.mustBecomeTrue('asked', 8_000, () => rsplib.all('init-takeover').length === 1);
  rsplib.send(initTakeover); // sent before it got ours
  rsplib.send(acknowledgement);
  world.clock.runFor(100);
  expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@5']);
  rsplib.respond = (message) => {
    if (message.type === 'init-takeover') rsplib.send(acknowledgement);
  };
  world.mustBecomeTrue('taken over', 15_000, () => registrar.engine.statistics.takeovers === 1);
  expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@10']);
});

it('neither gives way (RSPLIB is lower): RSPLIB gives up, this one goes on', () => {
  const { world, registrar, rsplib } = setUp(7);
  world.mustBecomeTrue('asked', 8_000, () => rsplib.all('init-takeover').length === 1);
  rsplib.send(initTakeover);
  world.clock.runFor(5_100);
  rsplib.respond = (message) => {
    if (message.type === 'init-takeover') rsplib.send(acknowledgement);
  };
  world.mustBecomeTrue('taken over', 3_000, () => registrar.engine.statistics.takeovers === 1);
});
