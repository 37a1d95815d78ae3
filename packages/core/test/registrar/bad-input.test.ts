import { CauseCode } from '@rserpool/wire';
import type { AsapMessage, EnrpMessage } from '@rserpool/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { AsapClient, echoPool } from './support/asap-client.ts';
import { FakePeer } from './support/fake-peer.ts';
import { RegistrarWorld, viewOf } from './support/registrar-world.ts';
import type { TestRegistrar } from './support/registrar-world.ts';

let world: RegistrarWorld;
let registrar: TestRegistrar;

beforeEach(() => {
  world = new RegistrarWorld(1);
  registrar = world.registrar('r1', 1, {
    timers: { keepAliveIntervalMs: 1e9 },
    limits: { asapChannels: 5, enrpChannels: 5, peers: 3 },
  });
  new AsapClient(world, 'e1', 'r1').register(17);
});

describe('ASAP', () => {
  const elements = [] as const;
  const transport = { protocol: 'sctp', port: 1, use: 'data', addresses: ['x'] } as const;
  // What a registrar need not handle (RFC 5352 section 4).
  const messages: AsapMessage[] = [
    { type: 'registration-response', rejected: true, poolHandle: echoPool, elementId: 17, causes: [] },
    { type: 'deregistration-response', poolHandle: echoPool, elementId: 17, causes: [] },
    { type: 'handle-resolution-response', subscribed: true, poolHandle: echoPool, elements, causes: [] },
    { type: 'endpoint-keep-alive', home: true, registrarId: 9, poolHandle: echoPool },
    { type: 'server-announce', registrarId: 9, transports: [transport] },
    { type: 'cookie', cookie: Uint8Array.of(1) },
    { type: 'cookie-echo', cookie: Uint8Array.of(1) },
    { type: 'business-card', poolHandle: echoPool, elements },
  ];
  it.each(messages.map((message) => [message.type, message] as const))(
    '%s, of the wrong direction, is counted and not answered',
    (_, message) => {
      const client = new AsapClient(world, 'u1', 'r1');
      expect(client.exchange(message)).toEqual([]);
      expect(registrar.engine.statistics.unexpectedMessages).toBe(1);
      expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@1']);
    },
  );

  it('errors are counted and never answered', () => {
    const client = new AsapClient(world, 'u1', 'r1');
    const causes = [{ code: CauseCode.unspecified, data: new Uint8Array() }];
    for (let count = 0; count < 100; count++) client.send({ type: 'error', causes });
    world.clock.runFor(500);
    expect(client.received).toEqual([]);
    expect(registrar.engine.statistics.errorsReceived).toBe(100);
  });

  it('acknowledgements for elements that nobody asked are counted', () => {
    const client = new AsapClient(world, 'u1', 'r1');
    for (const elementId of [17, 99]) {
      client.send({ type: 'endpoint-keep-alive-ack', poolHandle: echoPool, elementId });
    }
    world.clock.runFor(500);
    expect(registrar.engine.statistics.keepAlivesUnexpected).toBe(2);
  });

  it('more associations than the limit are aborted; one that ends makes room', () => {
    const clients = [1, 2, 3, 4].map((id) => new AsapClient(world, `u${id}`, 'r1'));
    world.clock.runFor(100);
    const tooMany = new AsapClient(world, 'u9', 'r1');
    world.clock.runFor(100);
    expect(clients.map(({ downReason }) => downReason)).toEqual([undefined, undefined, undefined, undefined]);
    expect(tooMany.downReason).toBeDefined();
    expect(registrar.engine.statistics.channelsRefused).toBe(1);
    clients[0]?.channel.close();
    world.clock.runFor(100);
    expect(new AsapClient(world, 'u9', 'r1').deregister(99)).toHaveLength(1);
  });
});

describe('ENRP', () => {
  let peer: FakePeer;
  beforeEach(() => {
    peer = new FakePeer(world, 'p5', 5);
    peer.connect('r1');
    world.clock.runFor(100);
    peer.received.length = 0;
  });

  const cases: [string, { senderId?: number; receiverId?: number }][] = [
    ['of another registrar than its association', { senderId: 6 }],
    ["with this registrar's own identifier", { senderId: 1 }],
    ['without a sender', { senderId: 0 }],
    ['for somebody else', { receiverId: 6 }],
  ];
  it.each(cases)('a message %s is refused, and reported once', (_, change) => {
    const add = (): void =>
      peer.send({
        type: 'handle-update',
        action: 'delete',
        takeoverSuggested: false,
        poolHandle: echoPool,
        element: {
          ...registrar.engine.handlespace.toParameter(
            registrar.engine.handlespace.find(echoPool, 17) ?? expect.fail('element 17 expected'),
          ),
        },
        ...change,
      });
    add();
    add();
    world.clock.runFor(100);
    expect(peer.all('error')).toMatchObject([{ senderId: 1, causes: [{ code: CauseCode.invalidValues }] }]);
    expect(registrar.engine.statistics).toMatchObject({ identifiersRefused: 2, updatesReceived: 0 });
    expect(viewOf(registrar.engine)).toEqual(['EchoPool/17@1']);
    expect(registrar.engine.peers().map(({ registrarId }) => registrarId)).toEqual([5]);
  });

  it('errors are never answered', () => {
    const causes = [{ code: CauseCode.unspecified, data: new Uint8Array() }];
    peer.send({ type: 'error', causes });
    peer.send({ type: 'error', causes, senderId: 9 });
    world.clock.runFor(100);
    expect(peer.all('error')).toEqual([]);
    expect(registrar.engine.statistics.errorsReceived).toBe(1);
  });

  it('a takeover of a peer that lives, announced out of the blue, does not last', () => {
    const rogue = new FakePeer(world, 'p7', 7);
    rogue.connect('r1');
    peer.update('add', { elementId: 55 });
    peer.respond = (message, channel) => {
      if (message.type !== 'handle-table-request') return;
      const elements = [registrar.engine.handlespace.find(echoPool, 55)].flatMap((element) =>
        element === undefined
          ? []
          : [{ ...registrar.engine.handlespace.toParameter(element), homeRegistrarId: 5 }],
      );
      const pools = [{ poolHandle: echoPool, elements }];
      peer.send({ type: 'handle-table-response', rejected: false, more: false, pools }, channel);
    };
    world.clock.runFor(100);
    rogue.send({ type: 'takeover-server', targetId: 5 });
    world.clock.runFor(10);
    expect(viewOf(registrar.engine)).toContain('EchoPool/55@7');
    peer.checksum = 0; // anything but what r1 believes
    world.mustBecomeTrue('back', 10_000, () => viewOf(registrar.engine).includes('EchoPool/55@5'));
    rogue.send({ type: 'takeover-server', targetId: 1 });
    world.clock.runFor(100);
    expect(viewOf(registrar.engine), 'nobody takes over this registrar').toContain('EchoPool/17@1');
  });

  it('more peers or associations than the limits are refused', () => {
    const others = [6, 7, 8].map((id) => {
      const other = new FakePeer(world, `p${id}`, id);
      other.connect('r1');
      world.clock.runFor(50);
      return other;
    });
    expect(registrar.engine.peers()).toHaveLength(3);
    expect(others[2]?.channels).toEqual([]);
    for (let count = 0; count < 4; count++) peer.connect('r1');
    world.clock.runFor(100);
    expect(registrar.engine.statistics.channelsRefused).toBe(3);
  });

  it('on the multicast channel only presences count', () => {
    const message: EnrpMessage = { type: 'takeover-server', senderId: 5, receiverId: 0, targetId: 1 };
    registrar.engine.enrpAnnounced(message, { protocol: 'sctp', port: 1, use: 'data', addresses: ['p5'] });
    expect(registrar.engine.statistics.unexpectedMessages).toBe(1);
  });
});
