import { expect, it } from 'vitest';
import { AsapClient } from './support/asap-client.ts';
import { FakePeer } from './support/fake-peer.ts';
import { RegistrarWorld, viewOf } from './support/registrar-world.ts';
import { TestElement } from './support/test-element.ts';

it('elements go to the registrar whose identifier XOR theirs is greatest', () => {
  const world = new RegistrarWorld(1);
  const [one, two, three] = world.mesh(3, { takeoverSuggestions: true });
  // 1 ^ 3 = 2, 2 ^ 3 = 1, 3 ^ 3 = 0; 1 ^ 4 = 5, 2 ^ 4 = 6, 3 ^ 4 = 7; 1 ^ 1 = 0, 2 ^ 1 = 3, 3 ^ 1 = 2
  for (const elementId of [1, 3, 4]) {
    new TestElement(world, `e${elementId}`, { elementId, registrars: ['r1'], reregistrationMs: 5_000 });
  }
  world.clock.runFor(500);
  const expected = ['EchoPool/1@2', 'EchoPool/3@1', 'EchoPool/4@3'];
  for (const registrar of [one, two, three]) expect(registrar && viewOf(registrar.engine)).toEqual(expected);
  world.clock.runFor(30_000);
  for (const registrar of [one, two, three]) expect(registrar && viewOf(registrar.engine)).toEqual(expected);
});

it('the suggestion is an update with the T flag, to one peer, for new elements only', () => {
  const world = new RegistrarWorld(1);
  world.registrar('r1', 1, { takeoverSuggestions: true });
  const peers = [5, 6].map((id) => new FakePeer(world, `p${id}`, id));
  for (const peer of peers) peer.connect('r1');
  world.clock.runFor(100);
  const client = new AsapClient(world, 'e1', 'r1');
  client.register(9); // 1 ^ 9 = 8, 5 ^ 9 = 12, 6 ^ 9 = 15
  client.register(9);
  const flags = peers.map((peer) =>
    peer.all('handle-update').map(({ takeoverSuggested }) => takeoverSuggested),
  );
  expect(flags).toEqual([
    [false, false],
    [false, true, false],
  ]);
});

it('without the option nothing is suggested, and suggestions are plain updates', () => {
  const world = new RegistrarWorld(1);
  const { engine } = world.registrar('r1', 1);
  const peer = new FakePeer(world, 'p6', 6);
  peer.connect('r1');
  world.clock.runFor(100);
  const element = new TestElement(world, 'e1', { elementId: 9, registrars: ['r1'] });
  world.clock.runFor(100);
  expect(peer.all('handle-update').map(({ takeoverSuggested }) => takeoverSuggested)).toEqual([false]);
  peer.update('add', { elementId: 10, asapTransport: element.asapTransport }, { takeoverSuggested: true });
  world.clock.runFor(1_000);
  expect(viewOf(engine)).toEqual(['EchoPool/10@6', 'EchoPool/9@1']);
});

it('an element that does not answer the suggestion stays where it is', () => {
  const world = new RegistrarWorld(1);
  const { engine } = world.registrar('r1', 1, { takeoverSuggestions: true });
  const peer = new FakePeer(world, 'p6', 6);
  peer.connect('r1');
  world.clock.runFor(100);
  const asapTransport = { protocol: 'sctp', port: 5000, use: 'data', addresses: ['nobody'] } as const;
  peer.update('add', { elementId: 10, asapTransport }, { takeoverSuggested: true });
  world.clock.runFor(4_000);
  expect(viewOf(engine)).toEqual(['EchoPool/10@6']);
});
