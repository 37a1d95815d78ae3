import { describe, expect, it } from 'vitest';
import { AsapClient } from './support/asap-client.ts';
import { FakePeer } from './support/fake-peer.ts';
import { RegistrarWorld, enrpPort, transportAt } from './support/registrar-world.ts';

describe('discovery (section 3.4.1)', () => {
  it('any message of an unknown registrar makes it a peer, which is asked for its presence', () => {
    const world = new RegistrarWorld(1);
    const { engine, events } = world.registrar('r1', 1);
    const peer = new FakePeer(world, 'p5', 5);
    peer.isSilent = true;
    peer.connect('r1');
    peer.send({ type: 'list-request' });
    world.clock.runFor(100);
    expect(events).toContainEqual({ type: 'peer-up', registrarId: 5 });
    expect(peer.all('presence')[0]).toMatchObject({
      senderId: 1,
      receiverId: 5,
      replyRequired: true,
      checksum: 0xffff,
    });
    expect(engine.peers()).toMatchObject([{ registrarId: 5, state: 'active' }]);
  });

  it('a presence with the R flag is answered at once, where it came', () => {
    const world = new RegistrarWorld(1);
    world.registrar('r1', 1, { timers: { heartbeatCycleMs: 1e9 } });
    const peer = new FakePeer(world, 'p5', 5, 1e9);
    peer.connect('r1');
    world.clock.runFor(100);
    const before = peer.all('presence').length;
    peer.send(peer.presence(true));
    world.clock.runFor(20);
    expect(peer.all('presence').slice(before)).toMatchObject([
      { receiverId: 5, replyRequired: false, server: { registrarId: 1 } },
    ]);
  });

  it('a registrar that is heard by multicast becomes a peer when it answers on an association', () => {
    const world = new RegistrarWorld(1);
    const { engine } = world.registrar('r1', 1, { multicast: true });
    const peer = new FakePeer(world, 'p5', 5);
    world.clock.runFor(5_000);
    const message = { senderId: 5, receiverId: 0, ...peer.presence(false) };
    if (message.type !== 'presence') throw new Error('a presence expected');
    world.enrpGroup.send(world.network.node('p5'), { ...message, senderId: 5, receiverId: 0 });
    world.clock.runFor(100);
    expect(engine.peers()).toMatchObject([{ registrarId: 5, state: 'active' }]);
    expect(engine.peers()[0]?.transport).toMatchObject({ addresses: ['p5'] });
  });

  it('it does not connect to a third party because somebody says so', () => {
    const world = new RegistrarWorld(1);
    world.registrar('r1', 1, { multicast: true });
    const victim = new FakePeer(world, 'victim', 9);
    world.clock.runFor(5_000);
    world.enrpGroup.send(world.network.node('p5'), {
      type: 'presence',
      senderId: 5,
      receiverId: 0,
      replyRequired: false,
      checksum: 0xffff,
      server: {
        registrarId: 5,
        transport: { protocol: 'sctp', port: 9901, use: 'data', addresses: ['victim'] },
      },
    });
    world.clock.runFor(3_000);
    expect(victim.channels).toEqual([]);
  });
});

describe('heartbeat (section 3.4.2)', () => {
  it('a presence to each peer every cycle, varied by 12.5 %, with the checksum of the own elements', () => {
    const world = new RegistrarWorld(1);
    world.registrar('r1', 1);
    const peer = new FakePeer(world, 'p5', 5, 1_000);
    peer.connect('r1');
    world.clock.runFor(1_000);
    const before = peer.all('presence').length;
    world.clock.runFor(200_000);
    const count = peer.all('presence').length - before;
    expect(count).toBeGreaterThan(95);
    expect(count).toBeLessThan(105);
    expect(peer.all('presence').at(-1)).toMatchObject({ replyRequired: false, checksum: 0xffff });
  });
});

describe('failure detection (sections 3.4.3 and 4.2)', () => {
  it('a silent peer is asked after MAX-TIME-LAST-HEARD and dead after MAX-TIME-NO-RESPONSE more', () => {
    const world = new RegistrarWorld(1);
    const { engine, events } = world.registrar('r1', 1);
    const peer = new FakePeer(world, 'p5', 5);
    peer.connect('r1');
    world.clock.runFor(10_000);
    peer.isSilent = true;
    peer.received.length = 0;
    const asked = (): boolean => peer.all('presence').some(({ replyRequired }) => replyRequired);
    world.mustBecomeTrue('asked', 5_100, asked);
    expect(engine.peers()).toMatchObject([{ state: 'suspect' }]);
    world.clock.runFor(2_400);
    expect(engine.peers()).toHaveLength(1);
    world.clock.runFor(200);
    expect(engine.peers()).toEqual([]);
    expect(events.at(-1)).toEqual({ type: 'peer-down', registrarId: 5, reason: 'dead' });
  });

  it('one that answers is active again', () => {
    const world = new RegistrarWorld(1);
    const { engine } = world.registrar('r1', 1);
    const peer = new FakePeer(world, 'p5', 5, 1e9);
    peer.connect('r1');
    world.clock.runFor(60_000);
    expect(engine.peers()).toMatchObject([{ registrarId: 5, state: 'active' }]);
    expect(peer.all('presence').filter(({ replyRequired }) => replyRequired).length).toBeGreaterThan(8);
  });

  it('any message counts as a sign of life (peer_last_heard, section 4.1)', () => {
    const world = new RegistrarWorld(1);
    const { engine } = world.registrar('r1', 1);
    const peer = new FakePeer(world, 'p5', 5);
    peer.connect('r1');
    peer.isSilent = true;
    for (let count = 0; count < 20; count++) {
      peer.send({ type: 'list-request' });
      world.clock.runFor(3_000);
    }
    expect(engine.peers()).toMatchObject([{ registrarId: 5, state: 'active' }]);
  });

  it('a lost association makes it suspect at once', () => {
    const world = new RegistrarWorld(1);
    const [one, two] = world.mesh(2);
    if (one === undefined || two === undefined) throw new Error('two registrars expected');
    world.kill(two);
    world.clock.runFor(100);
    expect(one.engine.peers()).toMatchObject([{ registrarId: 2, state: 'suspect' }]);
    world.clock.runFor(2_600);
    expect(one.engine.peers()).toEqual([]);
  });
});

describe('the mesh', () => {
  it('a configured peer is connected to again and again', () => {
    const world = new RegistrarWorld(1);
    const one = world.registrar('r1', 1, { peers: ['r2'] });
    world.clock.runFor(60_000);
    expect(one.engine.phase).toBe('serving');
    world.registrar('r2', 2);
    world.clock.runFor(7_000);
    expect(one.engine.peers()).toMatchObject([{ registrarId: 2, state: 'active' }]);
  });

  it('two that only know a third one get to know each other as soon as it is there', () => {
    const world = new RegistrarWorld(1);
    const outer = [world.registrar('r1', 1, { peers: ['r2'] }), world.registrar('r3', 3, { peers: ['r2'] })];
    world.clock.runFor(20_000);
    world.registrar('r2', 2);
    world.clock.runFor(7_000);
    for (const { engine } of outer) expect(engine.peers()).toHaveLength(2);
  });

  it('one that was learnt from a list, and is gone, does not go round for ever', () => {
    const world = new RegistrarWorld(1);
    const [one, two, three] = world.mesh(3, { peers: ['r1'] });
    if (one === undefined || two === undefined || three === undefined) throw new Error('three expected');
    world.kill(two);
    world.clock.runFor(120_000);
    expect(one.engine.peers().map(({ registrarId }) => registrarId)).toEqual([3]);
    expect(three.engine.peers().map(({ registrarId }) => registrarId)).toEqual([1]);
    expect(three.events.filter(({ type }) => type === 'peer-up')).toHaveLength(2);
  });

  it('a list names only peers that live', () => {
    const world = new RegistrarWorld(1);
    const { engine } = world.registrar('r1', 1);
    const peers = [5, 6, 7].map((id) => new FakePeer(world, `p${id}`, id));
    for (const peer of peers) peer.connect('r1');
    world.clock.runFor(500);
    world.network.kill('p6');
    world.clock.runFor(500);
    expect(engine.peers()).toContainEqual(expect.objectContaining({ registrarId: 6, state: 'suspect' }));
    peers[0]?.send({ type: 'list-request' });
    world.clock.runFor(100);
    const [list] = peers[0]?.all('list-response') ?? [];
    expect(list?.servers.map(({ registrarId }) => registrarId)).toEqual([7]);
  });

  it('another registrar in the place of a dead one is known as itself, and not taken for the dead one', () => {
    const world = new RegistrarWorld(1);
    const { engine } = world.registrar('r1', 1);
    new FakePeer(world, 'p5', 5).connect('r1');
    world.clock.runFor(500);
    world.network.kill('p5');
    const next = new FakePeer(world, 'p5', 55);
    world.clock.runFor(1_000);
    const states = engine.peers().map(({ registrarId, state }) => `${registrarId} ${state}`);
    expect(states).toEqual(['55 active']); // 5 owned nothing, and nobody knows any more where it might be
    next.received.length = 0;
    world.clock.runFor(5_000);
    expect(engine.peers().map(({ registrarId }) => registrarId)).toEqual([55]);
    expect(next.channels).toHaveLength(1);
    expect(next.received.filter(({ receiverId }) => receiverId === 5)).toEqual([]);
  });

  it('who never said where it is, and owns nothing, is forgotten when it goes: it only had a look', () => {
    const world = new RegistrarWorld(1);
    const { engine, events } = world.registrar('r1', 1);
    const visitor = new FakePeer(world, 'v', 9, 1e9);
    visitor.isSilent = true;
    const remote = transportAt('r1', enrpPort);
    const handler = { onUp: () => undefined, onMessage: () => undefined, onDown: () => undefined };
    const channel = world.enrp.connect(world.network.node('v'), remote, handler);
    channel.send({ type: 'list-request', senderId: 9, receiverId: 0 });
    world.clock.runFor(100);
    expect(engine.peers()).toMatchObject([{ registrarId: 9 }]);
    channel.close();
    world.clock.runFor(100);
    expect(engine.peers()).toEqual([]);
    expect(events.map(({ type }) => type)).not.toContain('takeover-started');
  });

  it('of several associations both ends choose the newest that the higher identifier opened; not a silent one', () => {
    const world = new RegistrarWorld(1);
    world.registrar('r1', 10);
    const peer = new FakePeer(world, 'p20', 20, 1e9);
    const [older, newer] = [peer.connect('r1'), peer.connect('r1')];
    const usedFor: unknown[] = [];
    peer.respond = (message, channel) => {
      if (message.type === 'handle-update') usedFor.push(channel);
    };
    world.clock.runFor(500);
    const client = new AsapClient(world, 'e1', 'r1');
    client.register(17);
    for (let count = 0; count < 6; count++) {
      peer.send(peer.presence(false), older); // nothing comes on the newer one any more: it may be half-open
      world.clock.runFor(1_000);
    }
    client.register(17);
    expect(usedFor.map((channel) => (channel === newer ? 'newer' : channel === older && 'older'))).toEqual([
      'newer',
      'older',
    ]);
  });

  it('connections opened from both ends at the same time do no harm', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = new RegistrarWorld(seed);
      const started = world.mesh(4);
      world.clock.runFor(120_000);
      for (const { engine, events } of started) {
        expect(events.some(({ type }) => type === 'peer-down')).toBe(false);
        expect(engine.statistics).toMatchObject({ identifiersRefused: 0, unexpectedMessages: 0 });
      }
    }
  });
});
