import { CauseCode } from '@rserpool/wire';
import type { AsapMessage } from '@rserpool/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { judgeClaim } from '../../src/registrar/enrp/claim.ts';
import type { ClaimVerdict } from '../../src/registrar/enrp/claim.ts';
import { AsapClient, echoPool } from './support/asap-client.ts';
import { FakePeer } from './support/fake-peer.ts';
import { RegistrarWorld, viewOf } from './support/registrar-world.ts';
import type { TestRegistrar } from './support/registrar-world.ts';

let world: RegistrarWorld;
let registrar: TestRegistrar;

beforeEach(() => {
  world = new RegistrarWorld(1);
  registrar = world.registrar('r1', 1);
});

function causesOf(responses: readonly AsapMessage[]): number[] {
  return responses.flatMap((message) => ('causes' in message ? message.causes.map(({ code }) => code) : []));
}

// RFC 5354 sections 3.12.5 and 3.12.10.
describe('another association wants to change an element', () => {
  it('from elsewhere: refused, whatever it wants', () => {
    const owner = new AsapClient(world, 'e1', 'r1');
    owner.register(17);
    const thief = new AsapClient(world, 'e2', 'r1');
    expect(causesOf(thief.register(17))).toEqual([CauseCode.nonUniquePoolElementId]);
    expect(causesOf(thief.deregister(17))).toEqual([CauseCode.securityRejection]);
    expect(registrar.engine.handlespace.find(echoPool, 17)?.userTransport).toMatchObject({
      addresses: ['e1'],
    });
    expect(
      owner.received.map(({ type }) => type),
      'the owner is not bothered',
    ).toEqual(['registration-response']);
  });

  it('from elsewhere, just after the association of the element was lost: refused', () => {
    const owner = new AsapClient(world, 'e1', 'r1');
    owner.register(17);
    owner.channel.abort();
    const thief = new AsapClient(world, 'e2', 'r1');
    expect(causesOf(thief.register(17))).toEqual([CauseCode.nonUniquePoolElementId]);
  });

  it('from elsewhere, to steal an element of a peer: refused', () => {
    const [, two] = setUpTwo();
    new AsapClient(world, 'e1', 'r1').register(17);
    const thief = new AsapClient(world, 'e2', 'r2');
    expect(causesOf(thief.register(17))).toEqual([CauseCode.nonUniquePoolElementId]);
    expect(causesOf(thief.deregister(17))).toEqual([CauseCode.securityRejection]);
    expect(viewOf(two.engine)).toEqual(['EchoPool/17@1']);
  });

  it('from the same host while the first one answers: the identifier is not unique', () => {
    const owner = new AsapClient(world, 'e1', 'r1');
    owner.register(17, { policy: { name: 'least-used', load: 1 } });
    const second = new AsapClient(world, 'e1', 'r1');
    second.send({
      type: 'registration',
      poolHandle: echoPool,
      element: second.element(17, { policy: { name: 'least-used', load: 2 } }),
    });
    owner.acknowledgeFor(2_000, 17);
    expect(causesOf(second.received)).toEqual([CauseCode.nonUniquePoolElementId]);
    expect(registrar.engine.handlespace.find(echoPool, 17)?.policy).toEqual({ name: 'least-used', load: 1 });
    expect(causesOf(second.deregister(17))).toEqual([CauseCode.securityRejection]);
  });

  it('from the same host while the first one is silent: it was half-open, the new one takes over', () => {
    new AsapClient(world, 'e1', 'r1').register(17);
    const again = new AsapClient(world, 'e1', 'r1');
    expect(again.register(17), 'the first one is being asked').toEqual([]);
    world.clock.runFor(1_000);
    expect(again.received).toMatchObject([{ type: 'registration-response', rejected: false }]);
    expect(again.deregister(17)).toMatchObject([{ type: 'deregistration-response', causes: [] }]);
    expect(registrar.engine.handlespace.elementCount).toBe(0);
  });

  it('the old one has a second to answer, even when it owes an answer for longer', () => {
    const first = new AsapClient(world, 'e1', 'r1');
    first.register(17);
    world.mustBecomeTrue('asked', 10_000, () => first.all('endpoint-keep-alive').length === 1);
    const again = new AsapClient(world, 'e1', 'r1');
    again.register(17);
    world.clock.runFor(100);
    expect(again.received).toMatchObject([{ type: 'registration-response', rejected: false }]);
    world.clock.runFor(6_000);
    expect(viewOf(registrar.engine), 'and what the old one failed to answer does not matter').toHaveLength(1);
  });

  it('an answer to an earlier question does not count: an element that left may have sent it, and come back', () => {
    const first = new AsapClient(world, 'e1', 'r1');
    first.register(17);
    world.mustBecomeTrue('asked', 10_000, () => first.all('endpoint-keep-alive').length === 1);
    const again = new AsapClient(world, 'e1', 'r1');
    again.send({ type: 'registration', poolHandle: echoPool, element: again.element(17) });
    world.clock.runFor(10);
    first.send({ type: 'endpoint-keep-alive-ack', poolHandle: echoPool, elementId: 17 });
    world.clock.runFor(100);
    expect(first.all('endpoint-keep-alive')).toHaveLength(2);
    expect(again.received).toEqual([]);
    world.clock.runFor(1_000);
    expect(again.received).toMatchObject([{ type: 'registration-response', rejected: false }]);
  });

  it('a third one while the second one waits: it waits instead, for the process may have started twice', () => {
    new AsapClient(world, 'e1', 'r1').register(17);
    const second = new AsapClient(world, 'e1', 'r1');
    const third = new AsapClient(world, 'e1', 'r1');
    const register = (client: AsapClient): void =>
      client.send({ type: 'registration', poolHandle: echoPool, element: client.element(17) });
    register(second);
    world.clock.runFor(100);
    register(third);
    world.clock.runFor(2_000);
    expect(causesOf(second.received)).toEqual([CauseCode.nonUniquePoolElementId]);
    expect(third.received).toMatchObject([{ type: 'registration-response', rejected: false }]);
  });

  it('from the same host after the first one is gone: accepted at once', () => {
    const first = new AsapClient(world, 'e1', 'r1');
    first.register(17);
    first.channel.abort();
    world.clock.runFor(500);
    const again = new AsapClient(world, 'e1', 'r1');
    expect(again.register(17)).toMatchObject([{ rejected: false }]);
    world.clock.runFor(4_000);
    expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@1']);
  });
});

describe('two registrars claim an element', () => {
  const longAgo = { confirmed: true, registeredAtMs: 0 };
  const justNow = { confirmed: true, registeredAtMs: 99_500 };
  const searching = { confirmed: false, registeredAtMs: 0 };
  const table: [string, 'update' | 'table', number, typeof longAgo, ClaimVerdict][] = [
    ['the element moved', 'update', 1, longAgo, 'yield'],
    ['the element moved to a higher one', 'update', 9, longAgo, 'yield'],
    ['the element moved while it is searched', 'update', 1, searching, 'yield'],
    ['updates may have crossed, the claimant is lower', 'update', 1, justNow, 'insist'],
    ['updates may have crossed, the claimant is higher', 'update', 9, justNow, 'yield'],
    ['a table of a lower one', 'table', 1, longAgo, 'insist'],
    ['a table of a higher one', 'table', 9, longAgo, 'wait'],
    ['a table of a lower one while the element is searched', 'table', 1, searching, 'wait'],
    ['a table of a higher one while the element is searched', 'table', 9, searching, 'yield'],
  ];
  it.each(table)('%s', (_, kind, claimantId, standing, verdict) => {
    expect(judgeClaim({ claimantId, kind }, 5, standing, 100_000, 1_000)).toBe(verdict);
  });

  it('never do both keep it or both give it up, when both are sure', () => {
    const lower = judgeClaim({ claimantId: 9, kind: 'update' }, 5, justNow, 100_000, 1_000);
    const higher = judgeClaim({ claimantId: 5, kind: 'update' }, 9, justNow, 100_000, 1_000);
    expect([lower, higher]).toEqual(['yield', 'insist']);
  });

  it('registrations at two registrars within a moment: the higher identifier keeps it, all agree', () => {
    const [one, two] = setUpTwo();
    const left = new AsapClient(world, 'e1', 'r1');
    const right = new AsapClient(world, 'e1', 'r2');
    for (const client of [left, right]) {
      client.send({ type: 'registration', poolHandle: echoPool, element: client.element(17) });
    }
    world.clock.runFor(500);
    expect(left.received[0]).toMatchObject({ type: 'registration-response', rejected: false });
    expect(viewOf(one.engine)).toEqual(['EchoPool/17@2']);
    expect(viewOf(two.engine)).toEqual(['EchoPool/17@2']);
    expect(right.all('endpoint-keep-alive'), 'and calls the element').toMatchObject([
      { home: true, registrarId: 2 },
    ]);
  });

  it('an element whose home removes it is kept when its association here is up and it answers', () => {
    const [one, two] = setUpTwo();
    const here = new AsapClient(world, 'e1', 'r1');
    here.register(17);
    new AsapClient(world, 'e1', 'r2').register(17);
    expect(viewOf(one.engine)).toEqual(['EchoPool/17@2']);
    // It never answers to r2, which removes it; r1 asks it on the association that is still up.
    here.acknowledgeFor(15_000, 17);
    expect(here.all('endpoint-keep-alive')[0]).toMatchObject({ home: true, registrarId: 1 });
    expect(viewOf(one.engine)).toEqual(['EchoPool/17@1']);
    expect(viewOf(two.engine)).toEqual(['EchoPool/17@1']);
  });

  it('and is gone when it does not answer', () => {
    const [one, two] = setUpTwo();
    new AsapClient(world, 'e1', 'r1').register(17);
    new AsapClient(world, 'e1', 'r2').register(17);
    world.clock.runFor(30_000);
    expect([...viewOf(one.engine), ...viewOf(two.engine)]).toEqual([]);
  });

  it.each(['answers and stays', 'does not answer and is gone'])(
    'one that moved away, and comes back because its new home dies, is called like any other: it %s',
    (outcome) => {
      const [one, two] = setUpTwo();
      const here = new AsapClient(world, 'e1', 'r1');
      here.register(17);
      new AsapClient(world, 'e1', 'r2').register(17);
      expect(viewOf(one.engine)).toEqual(['EchoPool/17@2']);
      world.kill(two);
      if (outcome === 'answers and stays') here.acknowledgeFor(60_000, 17);
      else world.clock.runFor(20_000);
      expect(here.all('endpoint-keep-alive')[0]).toMatchObject({ home: true, registrarId: 1 });
      expect(viewOf(one.engine)).toEqual(outcome === 'answers and stays' ? ['EchoPool/17@1'] : []);
    },
  );
});

it('a peer cannot remove or give away what it does not own', () => {
  const peer = new FakePeer(world, 'p5', 5);
  peer.connect('r1');
  new AsapClient(world, 'e1', 'r1').register(17);
  peer.update('delete', { elementId: 17 });
  peer.update('delete', { elementId: 17, homeRegistrarId: 1 });
  peer.update('add', { elementId: 17, homeRegistrarId: 6 });
  peer.update('add', { elementId: 18, homeRegistrarId: 6 });
  world.clock.runFor(500);
  expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@1']);
  expect(registrar.engine.statistics).toMatchObject({ updatesReceived: 4, updatesIgnored: 4 });
  expect(peer.all('handle-update').at(-1), 'it is told the truth').toMatchObject({
    action: 'add',
    element: { elementId: 17, homeRegistrarId: 1 },
  });
});

function setUpTwo(): [TestRegistrar, TestRegistrar] {
  world = new RegistrarWorld(7);
  const [one, two] = world.mesh(2);
  if (one === undefined || two === undefined) throw new Error('two registrars expected');
  return [one, two];
}
