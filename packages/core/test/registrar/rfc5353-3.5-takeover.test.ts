import { describe, expect, it } from 'vitest';
import { AsapClient, echoPool, elementAt } from './support/asap-client.ts';
import { FakePeer } from './support/fake-peer.ts';
import { RegistrarWorld, transportAt, viewOf } from './support/registrar-world.ts';
import type { TestRegistrar, TestRegistrarOptions } from './support/registrar-world.ts';
import { TestElement } from './support/test-element.ts';

/** Registrars 1 to `count`, and elements of the first one that never register again by themselves. */
function setUp(
  count: number,
  elements: number,
  options: TestRegistrarOptions = {},
): { world: RegistrarWorld; registrars: TestRegistrar[]; elements: TestElement[] } {
  const world = new RegistrarWorld(5);
  const registrars = world.mesh(count, options);
  const started = Array.from(
    { length: elements },
    (_, index) =>
      new TestElement(world, `e${index + 1}`, {
        elementId: index + 1,
        registrars: ['r1'],
        reregistrationMs: 1e9,
      }),
  );
  world.clock.runFor(1_000);
  return { world, registrars, elements: started };
}

function first(registrars: readonly TestRegistrar[]): TestRegistrar {
  const [registrar] = registrars;
  if (registrar === undefined) throw new Error('a registrar expected');
  return registrar;
}

const takeovers = (registrars: readonly TestRegistrar[]): number =>
  registrars.reduce((sum, { engine }) => sum + engine.statistics.takeovers, 0);

describe('a registrar dies (section 3.5.2)', () => {
  it.each([2, 3, 5])('of %i: one of the others takes over, calls the elements, and all agree', (count) => {
    const { world, registrars, elements } = setUp(count, 5);
    world.kill(first(registrars));
    // Elements that do not know another registrar: only the takeover can save them.
    const left = registrars.slice(1);
    world.mustBecomeTrue('taken over', 3_500, () => takeovers(left) === 1);
    world.clock.runFor(500);
    const winner = left.find(({ engine }) => engine.statistics.takeovers === 1);
    for (const { engine } of left) {
      expect(viewOf(engine)).toEqual(
        elements.map(({ elementId }) => `EchoPool/${elementId}@${winner?.engine.id}`),
      );
      expect(engine.peers()).toHaveLength(count - 2);
    }
    expect(elements.map(({ homeRegistrarId }) => homeRegistrarId)).toEqual(
      elements.map(() => winner?.engine.id),
    );
    world.clock.runFor(60_000);
    expect(viewOf(first(left).engine), 'and they stay').toHaveLength(5);
    expect(first(left).engine.statistics.synchronisations, 'no audit was needed').toBeLessThanOrEqual(
      count - 1,
    );
  });

  it('its elements are resolved all the time', () => {
    const { world, registrars } = setUp(2, 3);
    const user = new AsapClient(world, 'u1', 'r2');
    world.kill(first(registrars));
    for (let count = 0; count < 20; count++) {
      const [response] = user.exchange({ type: 'handle-resolution', subscribe: false, poolHandle: echoPool });
      expect(response).toMatchObject({ elements: [{}, {}, {}], causes: [] });
    }
  });

  it('together with its machine: nobody is told, and silence tells after 7.5 s', () => {
    const { world, registrars } = setUp(3, 2);
    world.kill(first(registrars), 'machine');
    world.mustBecomeTrue('taken over', 8_000, () => takeovers(registrars.slice(1)) === 1);
  });

  it('elements that died with it are removed, everywhere', () => {
    const { world, registrars, elements } = setUp(3, 2);
    elements[0]?.kill('machine');
    world.kill(first(registrars));
    world.clock.runFor(9_000);
    for (const { engine } of registrars.slice(1)) {
      expect(viewOf(engine)).toHaveLength(1);
      expect(viewOf(engine)[0]).toMatch(/^EchoPool\/2@[23]$/);
    }
  });

  it('that owned nothing: it is just dropped', () => {
    const { world, registrars } = setUp(3, 0);
    world.kill(first(registrars));
    world.clock.runFor(10_000);
    expect(takeovers(registrars)).toBe(0);
    for (const { engine } of registrars.slice(1)) expect(engine.peers()).toHaveLength(1);
  });

  it('two of four at the same moment', () => {
    const { world, registrars, elements } = setUp(4, 3);
    const other = new TestElement(world, 'e9', { elementId: 9, registrars: ['r2'], reregistrationMs: 1e9 });
    world.clock.runFor(500);
    for (const registrar of registrars.slice(0, 2)) world.kill(registrar);
    world.clock.runFor(8_000);
    const [three, four] = registrars.slice(2);
    expect(viewOf(first(registrars.slice(2)).engine)).toHaveLength(elements.length + 1);
    expect(three === undefined ? [] : viewOf(three.engine)).toEqual(
      four === undefined ? [] : viewOf(four.engine),
    );
    expect([3, 4]).toContain(other.homeRegistrarId);
  });
});

describe('arbitration (section 3.5.1)', () => {
  /** Registrar 10 and two fake peers, of which 5 owned an element and falls silent. */
  function arbitrate(otherId: number): {
    world: RegistrarWorld;
    registrar: TestRegistrar;
    target: FakePeer;
    other: FakePeer;
  } {
    const world = new RegistrarWorld(3);
    const registrar = world.registrar('r1', 10);
    const target = new FakePeer(world, 'p5', 5);
    const other = new FakePeer(world, `p${otherId}`, otherId);
    target.connect('r1');
    other.connect('r1');
    world.clock.runFor(1_000);
    target.update('add', { elementId: 17 });
    target.checksum = 0; // whatever: it is silent from now on
    world.clock.runFor(10);
    target.isSilent = true;
    return { world, registrar, target, other };
  }

  const initTakeover = { type: 'init-takeover', targetId: 5 } as const;
  const acknowledgement = { type: 'init-takeover-ack', targetId: 5 } as const;

  it('the initiator asks all, the target too, and wins with the last acknowledgement', () => {
    const { world, registrar, target, other } = arbitrate(7);
    world.mustBecomeTrue('asked', 8_000, () => other.all('init-takeover').length === 1);
    world.clock.runFor(20);
    expect(target.all('init-takeover')).toMatchObject([{ senderId: 10, targetId: 5 }]);
    expect(registrar.engine.peers()).toContainEqual(
      expect.objectContaining({ registrarId: 5, state: 'target' }),
    );
    other.send(acknowledgement);
    world.clock.runFor(20);
    expect(other.all('takeover-server')).toMatchObject([{ senderId: 10, targetId: 5 }]);
    expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@10']);
    expect(registrar.events).toContainEqual({ type: 'takeover', targetId: 5, byId: 10, elements: 1 });
  });

  it('two initiators: the one with the higher identifier gives nothing', () => {
    const { world, other } = arbitrate(7);
    world.mustBecomeTrue('asked', 8_000, () => other.all('init-takeover').length === 1);
    other.send(initTakeover);
    world.clock.runFor(100);
    expect(other.all('init-takeover-ack')).toEqual([]);
  });

  it('two initiators: the one with the lower identifier aborts, acknowledges, and hears who has won', () => {
    const { world, registrar, other } = arbitrate(20);
    world.mustBecomeTrue('asked', 8_000, () => other.all('init-takeover').length === 1);
    other.send(initTakeover);
    world.clock.runFor(100);
    expect(other.all('init-takeover-ack')).toMatchObject([{ senderId: 10, targetId: 5 }]);
    expect(registrar.events.at(-1)).toEqual({ type: 'takeover-cancelled', targetId: 5 });
    other.send({ type: 'takeover-server', targetId: 5 });
    world.clock.runFor(100);
    expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@20']);
    expect(registrar.engine.peers().map(({ registrarId }) => registrarId)).toEqual([20]);
    expect(registrar.engine.statistics.takeovers).toBe(0);
  });

  it('one that gave way takes over itself when the other one does not finish', () => {
    const { world, registrar, target, other } = arbitrate(20);
    other.respond = (message) => {
      if (message.type === 'init-takeover') other.send(acknowledgement);
    };
    world.clock.runFor(5_000);
    other.send(initTakeover);
    world.clock.runFor(1_000);
    expect(registrar.engine.peers()).toContainEqual(
      expect.objectContaining({ registrarId: 5, state: 'inactive' }),
    );
    target.received.length = 0;
    world.clock.runFor(8_000);
    expect(
      target.received
        .filter(({ type }) => type === 'presence')
        .some((message) => message.type === 'presence' && message.replyRequired),
      'not monitored meanwhile',
    ).toBe(false);
    world.clock.runFor(5_000);
    expect(registrar.events).toContainEqual({ type: 'takeover', targetId: 5, byId: 10, elements: 1 });
  });

  it('one that gave way takes over itself when the other one dies', () => {
    const { world, registrar, other } = arbitrate(20);
    world.clock.runFor(5_000);
    other.send(initTakeover);
    world.clock.runFor(100);
    world.network.kill('p20');
    world.clock.runFor(15_000);
    expect(registrar.events).toContainEqual({ type: 'takeover', targetId: 5, byId: 10, elements: 1 });
  });

  it('a peer that dies meanwhile is not waited for', () => {
    const { world, registrar, other } = arbitrate(7);
    world.mustBecomeTrue('asked', 8_000, () => other.all('init-takeover').length === 1);
    world.network.kill('p7');
    world.mustBecomeTrue('won', 3_000, () => registrar.engine.statistics.takeovers === 1);
  });

  it('a peer that lives but never acknowledges (RSPLIB) is asked three times', () => {
    const { world, registrar, other } = arbitrate(7);
    world.mustBecomeTrue('won', 8_000 + 3 * 2_500, () => registrar.engine.statistics.takeovers === 1);
    expect(other.all('init-takeover')).toHaveLength(3);
  });

  it('acknowledgements of nobody, for nobody, do nothing', () => {
    const { world, registrar, other } = arbitrate(7);
    other.send({ type: 'init-takeover-ack', targetId: 5 });
    other.send({ type: 'init-takeover-ack', targetId: 99 });
    world.clock.runFor(100);
    expect(registrar.engine.statistics).toMatchObject({ takeovers: 0, unexpectedMessages: 2 });
  });
});

describe('false suspicion', () => {
  it('the target shows that it lives, to all, and is active again', () => {
    const world = new RegistrarWorld(1);
    const { engine, events } = world.registrar('r1', 1);
    const target = new FakePeer(world, 'p5', 5, 1e9);
    const other = new FakePeer(world, 'p7', 7);
    target.connect('r1');
    other.connect('r1');
    world.clock.runFor(500);
    target.update('add', { elementId: 17 });
    world.clock.runFor(20);
    target.isSilent = true;
    world.mustBecomeTrue('asked', 8_000, () => other.all('init-takeover').length === 1);
    target.isSilent = false;
    target.send(target.presence(false));
    world.clock.runFor(20);
    expect(events.at(-1)).toEqual({ type: 'takeover-cancelled', targetId: 5 });
    expect(engine.peers()).toContainEqual(expect.objectContaining({ registrarId: 5, state: 'active' }));
    other.send({ type: 'init-takeover-ack', targetId: 5 });
    world.clock.runFor(100);
    expect(viewOf(engine)).toEqual(['EchoPool/17@5']);
  });

  it('a registrar that hears that it is the target answers with its presence to all', () => {
    const world = new RegistrarWorld(1);
    world.registrar('r1', 1, { timers: { heartbeatCycleMs: 1e9 } });
    const peers = [5, 6].map((id) => new FakePeer(world, `p${id}`, id));
    for (const peer of peers) peer.connect('r1');
    world.clock.runFor(500);
    for (const peer of peers) peer.received.length = 0;
    peers[0]?.send({ type: 'init-takeover', targetId: 1 });
    world.clock.runFor(20);
    for (const peer of peers) expect(peer.all('presence')).toHaveLength(1);
    expect(peers[0]?.all('init-takeover-ack')).toEqual([]);
    peers[1]?.send({ type: 'takeover-server', targetId: 1 });
    world.clock.runFor(20);
    for (const peer of peers) expect(peer.all('presence')).toHaveLength(2);
  });

  it('a registrar that slept for 30 s finds its elements elsewhere, and all agree', () => {
    const { world, registrars, elements } = setUp(3, 4);
    const one = first(registrars);
    // Hung: everything to and from it waits, its own elements included.
    const others = ['r2', 'r3', ...elements.map(({ address }) => address)];
    for (const other of others) world.cut('r1', other);
    world.clock.runFor(30_000);
    expect(viewOf(first(registrars.slice(1)).engine).every((entry) => !entry.endsWith('@1'))).toBe(true);
    for (const other of others) world.heal('r1', other);
    world.clock.runFor(15_000);
    const [view, ...views] = registrars.map(({ engine }) => viewOf(engine));
    expect(view).toHaveLength(4);
    for (const other of views) expect(other).toEqual(view);
    expect(one.engine.peers()).toHaveLength(2);
  });
});

describe('partition between registrars for 30 s', () => {
  it.each([
    ['elements reach both sides', false],
    ['elements are cut off with their registrar', true],
  ])('%s: after healing all views are equal, with every element once', (_, areElementsCut) => {
    for (let seed = 1; seed <= 10; seed++) {
      const world = new RegistrarWorld(seed);
      const registrars = world.mesh(4);
      const elements = [1, 2, 3, 4, 5, 6, 7, 8].map(
        (id) =>
          new TestElement(world, `e${id}`, {
            elementId: id,
            registrars: [`r${((id - 1) % 4) + 1}`],
            reregistrationMs: 20_000,
          }),
      );
      world.clock.runFor(2_000);
      const cuts: [string, string][] = [];
      const isLeft = (id: number): boolean => (id - 1) % 4 < 2;
      for (const left of ['r1', 'r2']) for (const right of ['r3', 'r4']) cuts.push([left, right]);
      for (const { address, elementId } of areElementsCut ? elements : []) {
        for (const far of isLeft(elementId) ? ['r3', 'r4'] : ['r1', 'r2']) cuts.push([far, address]);
      }
      for (const [left, right] of cuts) world.cut(left, right);
      world.clock.runFor(30_000);
      const calls = registrars.map(({ engine }) => engine.statistics.keepAlivesSent);
      expect(Math.max(...calls), 'the sides do not fight for elements').toBeLessThan(100);
      for (const [left, right] of cuts) world.heal(left, right);
      world.mustBecomeTrue('all agree', 20_000, () => {
        const [view, ...views] = registrars.map(({ engine }) => viewOf(engine));
        return view?.length === 8 && views.every((other) => other.join() === view.join());
      });
      world.clock.runFor(20_000);
      expect(new Set(registrars.map(({ engine }) => viewOf(engine).join())).size, `seed ${seed}`).toBe(1);
    }
  });
});

it('an element whose home nobody knows is not forgotten: its home is looked for, then taken over', () => {
  const world = new RegistrarWorld(1);
  const mentor = new FakePeer(world, 'p9', 9);
  mentor.respond = (message, channel) => {
    if (message.type === 'list-request')
      mentor.send({ type: 'list-response', rejected: false, servers: [] }, channel);
    if (message.type === 'init-takeover')
      mentor.send({ type: 'init-takeover-ack', targetId: message.targetId }, channel);
    if (message.type !== 'handle-table-request') return;
    const elements = message.ownChildrenOnly ? [] : [elementAt('e1', 17, { homeRegistrarId: 77 })];
    mentor.send(
      {
        type: 'handle-table-response',
        rejected: false,
        more: false,
        pools: [{ poolHandle: echoPool, elements }],
      },
      channel,
    );
  };
  const { engine, events } = world.registrar('r1', 1, { peers: ['p9'] });
  world.clock.runFor(500);
  expect(viewOf(engine)).toEqual(['EchoPool/17@77']);
  expect(mentor.all('list-request').length, 'one for itself, then others').toBeGreaterThan(1);
  world.clock.runFor(20_000);
  expect(events).toContainEqual({ type: 'takeover', targetId: 77, byId: 1, elements: 1 });
  expect(viewOf(engine), 'it could not be reached either').toEqual([]);
});

it('a takeover of 20,000 elements is done in slices, never more than the limit at once', () => {
  const world = new RegistrarWorld(1);
  const registrar = world.registrar('r1', 10, { limits: { elementsPerSlice: 500, adoptionsAtOnce: 100 } });
  const target = new FakePeer(world, 'p5', 5);
  target.connect('r1');
  world.clock.runFor(500);
  for (let elementId = 1; elementId <= 20_000; elementId++) target.update('add', { elementId });
  world.clock.runFor(500);
  expect(registrar.engine.handlespace.ownedCount(5)).toBe(20_000);
  world.network.kill('p5');
  const { handlespace } = registrar.engine;
  let before = 0;
  let mostAtOnce = 0;
  world.mustBecomeTrue('all moved', 5_000, () => {
    const moved = handlespace.ownedCount(10);
    mostAtOnce = Math.max(mostAtOnce, moved - before);
    before = moved;
    return moved === 20_000;
  });
  expect(mostAtOnce).toBe(500);
});

it('elements that were taken over are called a few at a time', () => {
  const world = new RegistrarWorld(1);
  const { engine } = world.registrar('r1', 10, { limits: { adoptionsAtOnce: 5 } });
  const target = new FakePeer(world, 'p5', 5);
  target.connect('r1');
  world.clock.runFor(500);
  for (let elementId = 1; elementId <= 20; elementId++) {
    world.network.node(`e${elementId}`);
    world.network.kill(`e${elementId}`, 'machine');
    const asapTransport = transportAt(`e${elementId}`, 5000);
    target.update('add', { elementId, asapTransport, registrationLifeMs: Infinity });
  }
  world.clock.runFor(500);
  world.network.kill('p5');
  world.mustBecomeTrue('taken over', 5_000, () => engine.statistics.takeovers === 1);
  world.clock.runFor(1_000);
  expect(engine.statistics.keepAlivesSent).toBe(5);
  world.clock.runFor(3_900);
  expect(engine.handlespace.elementCount).toBe(20);
  world.clock.runFor(200);
  expect(engine.handlespace.elementCount).toBe(15);
  world.clock.runFor(15_000);
  expect(engine.handlespace.elementCount).toBe(0);
});
