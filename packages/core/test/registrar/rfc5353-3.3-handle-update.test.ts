import { beforeEach, expect, it } from 'vitest';
import { AsapClient, echoPool } from './support/asap-client.ts';
import { FakePeer } from './support/fake-peer.ts';
import { RegistrarWorld, viewOf } from './support/registrar-world.ts';
import type { TestRegistrar } from './support/registrar-world.ts';

let world: RegistrarWorld;
let registrar: TestRegistrar;
let peer: FakePeer;

beforeEach(() => {
  world = new RegistrarWorld(1);
  registrar = world.registrar('r1', 1);
  peer = new FakePeer(world, 'p5', 5);
  peer.checksum = 0x1234;
  peer.respond = () => undefined;
  peer.connect('r1');
  world.clock.runFor(100);
});

it('sections 3.1 and 3.3.1: additions and changes are announced to all peers, with everything about the element', () => {
  const client = new AsapClient(world, 'e1', 'r1');
  client.register(17, { policy: { name: 'least-used', load: 3 } });
  client.register(17, { policy: { name: 'least-used', load: 4 } });
  expect(peer.all('handle-update')).toMatchObject([
    { senderId: 1, receiverId: 0, action: 'add', takeoverSuggested: false, poolHandle: echoPool },
    { action: 'add' },
  ]);
  const element = peer.all('handle-update')[1]?.element;
  expect(element).toMatchObject({
    ...client.element(17, { policy: { name: 'least-used', load: 4 } }),
    homeRegistrarId: 1,
  });
  expect(element?.asapTransport?.addresses).toEqual(['e1']);
});

it('section 3.3.2: removals are announced', () => {
  const client = new AsapClient(world, 'e1', 'r1');
  client.register(17);
  client.deregister(17);
  expect(peer.all('handle-update').at(-1)).toMatchObject({
    senderId: 1,
    action: 'delete',
    poolHandle: echoPool,
    element: { elementId: 17, homeRegistrarId: 1 },
  });
});

it('a peer creates pools and elements, and changes and removes its own ones', () => {
  peer.update('add', { elementId: 17, policy: { name: 'least-used', load: 3 } });
  peer.update('add', { elementId: 18, policy: { name: 'least-used', load: 3 } });
  peer.update('add', { elementId: 17, policy: { name: 'least-used', load: 9 } });
  world.clock.runFor(100);
  expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@5', 'EchoPool/18@5']);
  expect(registrar.engine.handlespace.find(echoPool, 17)?.policy).toEqual({ name: 'least-used', load: 9 });
  peer.update('delete', { elementId: 17 });
  peer.update('delete', { elementId: 18 });
  peer.update('delete', { elementId: 19 });
  world.clock.runFor(100);
  expect(registrar.engine.handlespace.poolCount).toBe(0);
  expect(peer.all('handle-update'), 'nothing of that is announced again').toEqual([]);
});

it('an element that registers at another registrar moves there, also away from here', () => {
  const client = new AsapClient(world, 'e1', 'r1');
  client.register(17);
  world.clock.runFor(1_000);
  peer.update('add', { elementId: 17 });
  world.clock.runFor(100);
  expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@5']);
  expect(registrar.events.at(-1)).toMatchObject({ type: 'home-changed', fromId: 1, toId: 5 });
  client.received.length = 0;
  world.clock.runFor(20_000);
  expect(client.all('endpoint-keep-alive'), 'it is not watched here any more').toEqual([]);
});

it('an element that moved between peers belongs to the one that announced it last, and only that one can remove it', () => {
  const other = new FakePeer(world, 'p6', 6);
  other.connect('r1');
  peer.update('add', { elementId: 17 });
  world.clock.runFor(100);
  other.update('add', { elementId: 17 });
  world.clock.runFor(100);
  peer.update('delete', { elementId: 17 });
  world.clock.runFor(100);
  expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@6']);
  other.update('delete', { elementId: 17 });
  world.clock.runFor(100);
  expect(viewOf(registrar.engine)).toEqual([]);
});

it('updates may name this registrar as their receiver, as RSPLIB does, but nobody else', () => {
  peer.send({
    type: 'handle-update',
    receiverId: 1,
    action: 'add',
    takeoverSuggested: false,
    poolHandle: echoPool,
    element: new AsapClient(world, 'e1', 'r1').element(17, { homeRegistrarId: 5 }),
  });
  peer.send({
    type: 'handle-update',
    receiverId: 7,
    action: 'add',
    takeoverSuggested: false,
    poolHandle: echoPool,
    element: new AsapClient(world, 'e1', 'r1').element(18, { homeRegistrarId: 5 }),
  });
  world.clock.runFor(100);
  expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@5']);
});

it('an element of a peer vanishes with its life when the peer does not refresh it', () => {
  peer.update('add', { elementId: 17, registrationLifeMs: 3_000 });
  world.clock.runFor(2_900);
  expect(viewOf(registrar.engine)).toHaveLength(1);
  world.clock.runFor(200);
  expect(viewOf(registrar.engine)).toEqual([]);
  expect(peer.all('handle-update'), 'which is no business of other registrars').toEqual([]);
});

it('an element of a peer that does not fit its pool is refused and counted', () => {
  new AsapClient(world, 'e1', 'r1').register(17);
  peer.update('add', { elementId: 18, policy: { name: 'random' } });
  world.clock.runFor(100);
  expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@1']);
  expect(registrar.engine.statistics.elementsRefused).toBe(1);
});

it('an own element stays own, and watched, when the claim of a peer to it is refused', () => {
  const client = new AsapClient(world, 'e1', 'r1');
  client.register(17);
  world.clock.runFor(1_000);
  peer.update('add', { elementId: 17, policy: { name: 'random' } });
  world.clock.runFor(100);
  expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@1']);
  world.mustBecomeTrue('asked', 7_600, () => client.all('endpoint-keep-alive').length === 1);
});
