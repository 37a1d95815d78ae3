import { describe, expect, it } from 'vitest';
import { AsapClient, elementAt, echoPool } from './support/asap-client.ts';
import { FakePeer } from './support/fake-peer.ts';
import { RegistrarWorld, enrpPort, transportAt, viewOf } from './support/registrar-world.ts';
import { TestElement } from './support/test-element.ts';

describe('finding a mentor (section 3.2.2.1)', () => {
  it('no peers, no multicast: alone, at once', () => {
    const world = new RegistrarWorld(1);
    const { engine, events } = world.registrar('r1', 1);
    expect(engine.phase).toBe('serving');
    expect(events).toEqual([{ type: 'serving', mentorId: undefined }]);
  });

  it('multicast, but nobody there: alone after the discovery time', () => {
    const world = new RegistrarWorld(1);
    const { engine } = world.registrar('r1', 1, { multicast: true });
    world.clock.runFor(2_990);
    expect(engine.phase).toBe('initializing');
    world.clock.runFor(20);
    expect(engine.phase).toBe('serving');
  });

  it('multicast: whoever answers is the mentor, without waiting for the discovery time', () => {
    const world = new RegistrarWorld(1);
    const one = world.registrar('r1', 1, { multicast: true });
    world.clock.runFor(5_000);
    new AsapClient(world, 'e1', 'r1').register(17);
    const two = world.registrar('r2', 2, { multicast: true });
    world.clock.runFor(200);
    expect(two.events).toContainEqual({ type: 'serving', mentorId: 1 });
    expect(viewOf(two.engine)).toEqual(['EchoPool/17@1']);
    expect(one.engine.peers()).toMatchObject([{ registrarId: 2, state: 'active' }]);
  });

  it('configured peers that cannot be reached are passed over', () => {
    const world = new RegistrarWorld(1);
    world.registrar('r1', 1);
    const two = world.registrar('r2', 2, { peers: ['nowhere', 'r1'] });
    world.mustBecomeTrue('serving', 500, () => two.engine.phase === 'serving');
    expect(two.events).toContainEqual({ type: 'serving', mentorId: 1 });
  });

  it('its own transport among the configured peers does not matter', () => {
    const world = new RegistrarWorld(1);
    const one = world.registrar('r1', 1, { peers: ['r1'] });
    expect(one.engine.phase).toBe('serving');
  });

  it('not even by an address that it does not know as its own', () => {
    const world = new RegistrarWorld(1);
    const enrpTransports = [transportAt('0.0.0.0', enrpPort)] as const;
    const one = world.registrar('r1', 1, { peers: ['r1'], enrpTransports });
    world.mustBecomeTrue('serving', 100, () => one.engine.phase === 'serving');
    world.clock.runFor(500);
    const refused = one.engine.statistics.identifiersRefused;
    world.clock.runFor(60_000);
    expect(one.engine.statistics.identifiersRefused, 'and it does not try again').toBe(refused);
    expect(one.engine.peers()).toEqual([]);
  });

  it('a mentor that does not answer is given up after MAX-TIME-NO-RESPONSE, and a backup is asked', () => {
    const world = new RegistrarWorld(1);
    const silent = new FakePeer(world, 'p9', 9);
    world.registrar('r1', 1);
    world.network.setDelay('r2', 'r1', { minMs: 100, maxMs: 100 });
    const two = world.registrar('r2', 2, { peers: ['p9', 'r1'] });
    world.clock.runFor(2_400);
    expect(silent.all('list-request')).toHaveLength(1);
    expect(two.engine.phase).toBe('initializing');
    world.clock.runFor(1_000);
    expect(two.events).toContainEqual({ type: 'serving', mentorId: 1 });
  });

  it('a mentor that is too busy for a download is asked again', () => {
    const world = new RegistrarWorld(1);
    const mentor = new FakePeer(world, 'p9', 9);
    mentor.respond = (message, channel) => {
      if (message.type === 'list-request')
        mentor.send({ type: 'list-response', rejected: false, servers: [] }, channel);
      if (message.type !== 'handle-table-request') return;
      const rejected = mentor.all('handle-table-request').length < 3;
      const elements = [elementAt('e9', 99, { homeRegistrarId: 9 })];
      const pools = rejected ? [] : [{ poolHandle: echoPool, elements }];
      mentor.send({ type: 'handle-table-response', rejected, more: false, pools }, channel);
    };
    // With the higher identifier: "busy" is no reason to go on alone.
    const { engine, events } = world.registrar('r1', 10, { peers: ['p9'] });
    world.mustBecomeTrue('serving', 1_000, () => engine.phase === 'serving');
    expect(events).toContainEqual({ type: 'serving', mentorId: 9 });
    expect(viewOf(engine)).toEqual(['EchoPool/99@9']);
  });

  it('a mentor that dies in the middle of the download is replaced, what it sent is kept', () => {
    const world = new RegistrarWorld(1);
    const mentor = new FakePeer(world, 'p9', 9);
    mentor.respond = (message, channel) => {
      if (message.type === 'list-request')
        mentor.send({ type: 'list-response', rejected: false, servers: [] }, channel);
      if (message.type === 'handle-table-request') {
        const pools = [{ poolHandle: echoPool, elements: [elementAt('e9', 99, { homeRegistrarId: 9 })] }];
        mentor.send({ type: 'handle-table-response', rejected: false, more: true, pools }, channel);
        world.clock.setTimer(10, () => world.network.kill('p9'));
      }
    };
    world.registrar('r1', 1);
    new AsapClient(world, 'e1', 'r1').register(17);
    world.network.setDelay('r2', 'r1', { minMs: 100, maxMs: 100 });
    const two = world.registrar('r2', 2, { peers: ['p9', 'r1'] });
    world.mustBecomeTrue('serving', 1_000, () => two.engine.phase === 'serving');
    expect(two.events).toContainEqual({ type: 'serving', mentorId: 1 });
    expect(viewOf(two.engine)).toEqual(['EchoPool/17@1', 'EchoPool/99@9']);
  });
});

describe('list and table (sections 3.2.2.2 and 3.2.3)', () => {
  it('the newcomer learns all peers from its mentor, and all peers learn it', () => {
    const world = new RegistrarWorld(1);
    world.mesh(3);
    const four = world.registrar('r4', 4, { peers: ['r2'] });
    world.clock.runFor(500);
    expect(four.events.filter(({ type }) => type === 'serving')).toEqual([{ type: 'serving', mentorId: 2 }]);
    for (const { engine } of world.registrars) {
      expect(engine.peers().map(({ state }) => state)).toEqual(['active', 'active', 'active']);
    }
  });

  it('the handlespace comes in pages, whatever their size, complete and with all attributes', () => {
    const world = new RegistrarWorld(1);
    world.registrar('r1', 1, { limits: { elementsPerTablePage: 7 } });
    const client = new AsapClient(world, 'e1', 'r1');
    for (let elementId = 1; elementId <= 100; elementId++) {
      client.send({
        type: 'registration',
        poolHandle: echoPool,
        element: client.element(elementId, { policy: { name: 'least-used', load: elementId } }),
      });
    }
    world.clock.runFor(500);
    const two = world.registrar('r2', 2, { peers: ['r1'] });
    world.clock.runFor(500);
    expect(two.engine.phase).toBe('serving');
    expect(two.engine.handlespace.elementCount).toBe(100);
    expect(two.engine.handlespace.find(echoPool, 42)).toMatchObject({
      homeRegistrarId: 1,
      policy: { name: 'least-used', load: 42 },
      registrationLifeMs: 300_000,
      asapTransport: { addresses: ['e1'] },
    });
  });

  it('what is registered during the download arrives by updates', () => {
    const world = new RegistrarWorld(1);
    world.registrar('r1', 1, { limits: { elementsPerTablePage: 1 } });
    const client = new AsapClient(world, 'e1', 'r1');
    for (let elementId = 1; elementId <= 50; elementId++) {
      client.send({ type: 'registration', poolHandle: echoPool, element: client.element(elementId) });
    }
    world.clock.runFor(500);
    const two = world.registrar('r2', 2, { peers: ['r1'] });
    world.clock.runFor(50);
    client.send({ type: 'registration', poolHandle: echoPool, element: client.element(51) });
    client.send({ type: 'deregistration', poolHandle: echoPool, elementId: 1 });
    client.send({ type: 'deregistration', poolHandle: echoPool, elementId: 50 });
    world.mustBecomeTrue('serving', 3_000, () => two.engine.phase === 'serving');
    world.clock.runFor(100);
    expect(viewOf(two.engine)).toHaveLength(49);
    expect(two.engine.handlespace.checksum(1)).toBe(world.registrars[0]?.engine.handlespace.checksum(1));
  });

  it('while it initializes it rejects requests for both, and what clients ask waits', () => {
    const world = new RegistrarWorld(1);
    const asker = new FakePeer(world, 'p9', 9);
    const { engine } = world.registrar('r1', 1, { multicast: true });
    asker.connect('r1');
    asker.send({ type: 'list-request' });
    asker.send({ type: 'handle-table-request', ownChildrenOnly: false });
    const user = new AsapClient(world, 'u1', 'r1');
    user.send({ type: 'handle-resolution', subscribe: false, poolHandle: echoPool });
    new AsapClient(world, 'e1', 'r1').register(17);
    expect(engine.phase).toBe('initializing');
    expect(asker.all('list-response')).toMatchObject([{ rejected: true, servers: [] }]);
    expect(asker.all('handle-table-response')).toMatchObject([{ rejected: true, more: false, pools: [] }]);
    expect(user.received).toEqual([]);
    world.clock.runFor(5_000);
    expect(engine.phase).toBe('serving');
    expect(viewOf(engine)).toEqual(['EchoPool/17@1']);
    expect(user.received).toMatchObject([{ type: 'handle-resolution-response' }]);
  });

  it('too many held requests: the association that sends one more is aborted', () => {
    const world = new RegistrarWorld(1);
    const { engine } = world.registrar('r1', 1, { multicast: true, limits: { heldRequests: 10 } });
    const user = new AsapClient(world, 'u1', 'r1');
    for (let count = 0; count < 11; count++) {
      user.send({ type: 'handle-resolution', subscribe: false, poolHandle: echoPool });
    }
    world.clock.runFor(500);
    expect(user.downReason).toBe('aborted');
    expect(engine.statistics.channelsRefused).toBe(1);
  });

  it('more downloads at once than the limit are rejected; an abandoned one ends by itself', () => {
    const world = new RegistrarWorld(1);
    world.registrar('r1', 1, { limits: { elementsPerTablePage: 1, downloadSessions: 2 } });
    const client = new AsapClient(world, 'e1', 'r1');
    for (const elementId of [1, 2, 3]) client.register(elementId);
    const askers = [5, 6, 7].map((id) => new FakePeer(world, `p${id}`, id));
    for (const asker of askers) {
      asker.connect('r1');
      asker.send({ type: 'handle-table-request', ownChildrenOnly: false });
      world.clock.runFor(100);
    }
    const answers = askers.map((asker) => asker.all('handle-table-response')[0]);
    expect(answers.map((answer) => answer?.rejected)).toEqual([false, false, true]);
    world.clock.runFor(3_000);
    askers[2]?.send({ type: 'handle-table-request', ownChildrenOnly: false });
    world.clock.runFor(500);
    expect(askers[2]?.all('handle-table-response').at(-1)).toMatchObject({ rejected: false, more: true });
  });
});

describe('simultaneous start', () => {
  it.each([2, 3, 5])('%i registrars that know each other serve within 2 s and form a mesh', (count) => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = new RegistrarWorld(seed);
      const started = world.mesh(count);
      expect(world.clock.nowMs).toBeLessThan(2_000);
      const alone = started.filter(({ events }) =>
        events.some((event) => event.type === 'serving' && event.mentorId === undefined),
      );
      expect(
        alone.map(({ engine }) => engine.id),
        'only the highest begins alone',
      ).toEqual([count]);
    }
  });

  it('peers that go on refusing do not keep it from serving for ever', () => {
    const world = new RegistrarWorld(1);
    const peer = new FakePeer(world, 'p9', 9);
    peer.respond = (message, channel) => {
      if (message.type === 'list-request')
        peer.send({ type: 'list-response', rejected: true, servers: [] }, channel);
    };
    const { engine } = world.registrar('r1', 1, { peers: ['p9'] });
    world.clock.runFor(4_900);
    expect(engine.phase).toBe('initializing');
    expect(peer.all('list-request').length).toBeGreaterThan(5);
    world.clock.runFor(200);
    expect(engine.phase).toBe('serving');
  });
});

describe('restart', () => {
  it('with the same identifier: its elements stay, and it calls them', () => {
    const world = new RegistrarWorld(4);
    const [one, two] = world.mesh(2);
    const element = new TestElement(world, 'e1', {
      elementId: 17,
      registrars: ['r1'],
      reregistrationMs: 1e9,
    });
    world.clock.runFor(3_000);
    if (one === undefined || two === undefined) throw new Error('two registrars expected');
    world.kill(one);
    world.clock.runFor(50);
    const again = world.registrar('r1', 1, { peers: ['r2'] });
    world.clock.runFor(30_000);
    expect(viewOf(again.engine)).toEqual(['EchoPool/17@1']);
    expect(viewOf(two.engine)).toEqual(['EchoPool/17@1']);
    expect(two.events.some(({ type }) => type === 'removed')).toBe(false);
    expect(element.homeRegistrarId ?? 1).toBe(1);
  });

  it('with the same identifier: elements that died meanwhile do not answer and are removed everywhere', () => {
    const world = new RegistrarWorld(4);
    const [one, two] = world.mesh(2);
    const element = new TestElement(world, 'e1', { elementId: 17, registrars: ['r1'], lifeMs: Infinity });
    world.clock.runFor(3_000);
    if (one === undefined || two === undefined) throw new Error('two registrars expected');
    element.kill('machine');
    world.kill(one);
    world.clock.runFor(50);
    const again = world.registrar('r1', 1, { peers: ['r2'] });
    world.clock.runFor(500);
    expect(viewOf(again.engine)).toEqual(['EchoPool/17@1']);
    world.clock.runFor(8_000);
    expect([...viewOf(again.engine), ...viewOf(two.engine)]).toEqual([]);
    expect(again.events.at(-1)).toMatchObject({ type: 'removed', reason: 'adoption-failed' });
  });

  it('with another identifier: the others take over the elements of the old one', () => {
    const world = new RegistrarWorld(4);
    const [one, two] = world.mesh(2);
    new TestElement(world, 'e1', { elementId: 17, registrars: ['r1'] });
    world.clock.runFor(3_000);
    if (one === undefined || two === undefined) throw new Error('two registrars expected');
    world.kill(one);
    world.clock.runFor(50);
    const again = world.registrar('r1', 11, { peers: ['r2'] });
    world.clock.runFor(30_000);
    const [entry] = viewOf(two.engine);
    expect(['EchoPool/17@11', 'EchoPool/17@2']).toContain(entry);
    expect(viewOf(again.engine)).toEqual([entry]);
    expect(two.engine.peers()).toMatchObject([{ registrarId: 11, state: 'active' }]);
  });
});

it('refuses an identifier that is not one (section 3.2.1)', () => {
  const world = new RegistrarWorld(1);
  for (const id of [0, -1, 0x1_0000_0000, 1.5, NaN]) {
    expect(() => world.registrar('r1', id)).toThrow(RangeError);
  }
  expect(transportAt('r1', enrpPort).port).toBe(9901);
});
