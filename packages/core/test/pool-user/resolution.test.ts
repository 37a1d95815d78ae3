import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CauseCode, poolHandle } from '@rserpool/wire';
import type { AsapMessage } from '@rserpool/wire';
import {
  AsapWorld,
  cause,
  element,
  FakeRegistrar,
  otherPool,
  testPool,
} from '../registrar-hunt/asap-world.ts';
import { connected } from './connected-user.ts';
import { resolvesTo, response, testUser } from './test-user.ts';

describe('RFC 5352 section 3.3, handle resolution', () => {
  it('NR1, NR3: asks the home registrar and gives what it lists, in its order', () => {
    const { world, registrar, user } = connected();
    user.resolve();
    world.until(() => user.resolutions.length === 1, 10);
    expect(registrar.received.map(({ message }) => message)).toEqual([
      { type: 'handle-resolution', subscribe: false, poolHandle: testPool },
    ]);
    expect(user.resolutions).toEqual([{ ok: true, elements: [element(1), element(2), element(3)] }]);
    world.clock.runUntilIdle(); // T1 is stopped
  });

  it('NR2: without a home registrar it is asked as soon as there is one', () => {
    const world = new AsapWorld();
    const registrar = new FakeRegistrar(world, 'a');
    registrar.answer = resolvesTo(1);
    const user = testUser(world, [registrar]);
    user.resolve();
    user.engine.start();
    expect(user.engine.state).toEqual({
      phase: 'hunting',
      home: undefined,
      outstandingRequests: 1,
      cachedPools: 0,
    });
    world.until(() => user.resolutions.length === 1, 20);
    expect(user.engine.state).toEqual({
      phase: 'connected',
      home: registrar.transport,
      outstandingRequests: 0,
      cachedPools: 1,
    });
  });

  it('an unknown pool is told as such, any other rejection with its causes', () => {
    const { world, registrar, user } = connected();
    user.resolve(otherPool);
    world.clock.runFor(20);
    registrar.answer = () => [response([], { causes: [cause(CauseCode.lackOfResources)] })];
    user.resolve();
    world.clock.runFor(20);
    registrar.answer = () => [response([])];
    user.resolve();
    world.clock.runFor(20);
    expect(user.resolutions).toEqual([
      { ok: false, reason: 'unknown-pool', causes: [cause(CauseCode.unknownPoolHandle)] },
      { ok: false, reason: 'rejected', causes: [cause(CauseCode.lackOfResources)] },
      { ok: false, reason: 'no-element', causes: [] },
    ]);
  });

  it('several pools are asked for at a time, and answers matched by handle in any order', () => {
    const { world, registrar, user } = connected();
    const handles = ['x', 'y', 'z'].map((name) => poolHandle(name));
    registrar.answer = () => [];
    handles.forEach((handle) => user.resolve(handle));
    world.clock.runFor(20);
    expect(user.engine.state.outstandingRequests).toBe(3);
    [...handles]
      .reverse()
      .forEach((handle, index) => registrar.send(response([element(index + 1)], { poolHandle: handle })));
    world.clock.runFor(20);
    expect(user.resolutions).toEqual([1, 2, 3].map((id) => ({ ok: true, elements: [element(id)] })));
  });

  it('all who ask for a pool meanwhile share one request, but not one who cancelled', () => {
    const { world, registrar, user } = connected();
    user.resolve();
    user.resolve();
    user.select();
    const cancelled = user.engine.resolve(testPool, () => expect.unreachable());
    const alsoCancelled = user.engine.select(testPool, () => expect.unreachable());
    cancelled.cancel();
    alsoCancelled.cancel();
    world.clock.runUntilIdle();
    expect(registrar.got('handle-resolution')).toHaveLength(1);
    expect([user.resolutions.length, user.selections]).toEqual([2, [1]]);
  });

  it('asks for as many elements as it is told to', () => {
    const { world, registrar, user } = connected({ items: 2 });
    user.resolve();
    world.clock.runFor(20);
    expect(registrar.got('handle-resolution')[0]?.items).toBe(2);
    expect(user.resolutions).toEqual([{ ok: true, elements: [element(1), element(2)] }]);
  });

  it('no more than maxOutstandingRequests pools are asked for at a time', () => {
    const { world, registrar, user } = connected({ maxOutstandingRequests: 2 });
    registrar.answer = () => [];
    for (const name of ['x', 'y', 'z']) user.resolve(poolHandle(name));
    user.resolve(poolHandle('x')); // is one of the two
    user.engine.select(poolHandle('z'), (selection) =>
      expect(selection).toEqual({ ok: false, reason: 'no-registrar' }),
    );
    expect(user.resolutions).toEqual([{ ok: false, reason: 'too-many-requests', causes: [] }]);
    world.clock.runFor(20);
    expect(registrar.got('handle-resolution')).toHaveLength(2);
  });
});

describe('RFC 5352 section 3.7.2, T1-ENRPrequest', () => {
  it('re-sends MAX-REQUEST-RETRANSMIT times (section 7.3), then tells that no registrar answers', () => {
    const { world, registrar, user } = connected();
    registrar.answer = () => [];
    const startMs = world.clock.nowMs;
    user.resolve();
    world.clock.runUntilIdle();
    expect(registrar.times('handle-resolution').map((atMs) => Math.floor((atMs - startMs) / 1_000))).toEqual([
      0, 15, 30,
    ]);
    expect(world.clock.nowMs).toBe(startMs + 45_000);
    expect(user.resolutions).toEqual([{ ok: false, reason: 'no-registrar', causes: [] }]);
  });

  it('hunts in parallel, adopts an alternate registrar and re-sends to it', () => {
    const { world, registrar, user } = connected();
    const other = new FakeRegistrar(world, 'b');
    other.answer = resolvesTo(9);
    registrar.answer = () => [];
    user.resolve();
    world.clock.runFor(14_000);
    user.engine.serverAnnounced(
      { type: 'server-announce', registrarId: 2, transports: [other.transport] },
      other.transport,
    );
    world.until(() => user.resolutions.length === 1, 1_100);
    expect(user.resolutions).toEqual([{ ok: true, elements: [element(9)] }]);
    expect(user.engine.state.home).toEqual(other.transport);
    expect(user.events.map(({ type }) => type)).toEqual(['home-found', 'home-found']);
  });

  it('the home registrar that answers the re-sent request stays, and the hunt ends', () => {
    const { world, registrar, user } = connected();
    registrar.answer = () => [];
    user.resolve();
    world.clock.runFor(14_000);
    const nobody = { protocol: 'tcp', port: 1, use: 'data', addresses: ['nobody'] } as const;
    user.engine.serverAnnounced({ type: 'server-announce', registrarId: 2, transports: [nobody] }, nobody);
    registrar.answer = resolvesTo(1);
    world.until(() => user.resolutions.length === 1, 1_100);
    world.clock.runUntilIdle();
    expect(user.engine.state.home).toEqual(registrar.transport);
  });

  it('ends in time with no registrar at all', () => {
    const world = new AsapWorld();
    const user = testUser(world, []);
    user.engine.start();
    user.resolve();
    world.clock.runFor(44_999);
    expect(user.resolutions).toEqual([]);
    world.clock.runFor(1);
    expect(user.resolutions).toEqual([{ ok: false, reason: 'no-registrar', causes: [] }]);
  });
});

describe('RFC 5352 section 3.7.1, send failure', () => {
  it('the request is sent again to the next home registrar', () => {
    const { world, registrar, user } = connected();
    const other = new FakeRegistrar(world, 'b');
    other.answer = resolvesTo(9);
    registrar.answer = () => [];
    user.engine.serverAnnounced(
      { type: 'server-announce', registrarId: 2, transports: [other.transport] },
      other.transport,
    );
    user.resolve();
    world.clock.runFor(100);
    registrar.kill();
    world.until(() => user.resolutions.length === 1, 5 + 100 + 20);
    expect(user.resolutions).toEqual([{ ok: true, elements: [element(9)] }]);
    expect(user.events.map(({ type }) => type)).toEqual(['home-found', 'home-lost', 'home-found']);
  });

  it('a registrar without resources is left for another at the next request', () => {
    const { world, registrar, user } = connected();
    const other = new FakeRegistrar(world, 'b');
    other.answer = resolvesTo(9);
    user.engine.serverAnnounced(
      { type: 'server-announce', registrarId: 2, transports: [other.transport] },
      other.transport,
    );
    registrar.answer = () => [response([], { causes: [cause(CauseCode.lackOfResources)] })];
    user.resolve();
    world.clock.runFor(100);
    user.resolve();
    world.clock.runFor(100);
    expect(user.resolutions.map(({ ok }) => ok)).toEqual([false, true]);
  });
});

describe('bad input leaves a pool user untouched', () => {
  const stray: { what: string; message: AsapMessage }[] = [
    { what: 'a response that was not asked for', message: response([element(66)]) },
    { what: 'a negative one', message: response([], { causes: [cause(CauseCode.unknownPoolHandle)] }) },
    {
      what: 'one for another pool',
      message: response([element(66)], { poolHandle: otherPool, subscribed: true }),
    },
    {
      what: 'a keep-alive',
      message: { type: 'endpoint-keep-alive', home: true, registrarId: 6, poolHandle: testPool },
    },
    {
      what: 'a registration response',
      message: {
        type: 'registration-response',
        rejected: false,
        poolHandle: testPool,
        elementId: 1,
        causes: [],
      },
    },
    { what: 'a deregistration', message: { type: 'deregistration', poolHandle: testPool, elementId: 1 } },
    { what: 'a cookie', message: { type: 'cookie', cookie: new Uint8Array(9) } },
  ];

  it.each(stray)('$what', ({ message }) => {
    const { world, registrar, user } = connected({ staleCacheMs: 1_000_000 });
    user.select();
    world.clock.runFor(100);
    const before = [user.engine.state, registrar.received.length];
    registrar.send(message);
    world.clock.runFor(100);
    expect([user.engine.state, registrar.received.length]).toEqual(before);
    user.select();
    user.select();
    user.select();
    expect(user.selections).toEqual([1, 2, 3, 1]);
  });

  it('section 2.2.14: an ASAP_ERROR is told', () => {
    const { world, registrar, user } = connected();
    registrar.send({ type: 'error', causes: [cause(CauseCode.unrecognizedMessage)] });
    world.clock.runFor(100);
    expect(user.events.at(-1)).toEqual({
      type: 'error-message',
      causes: [cause(CauseCode.unrecognizedMessage)],
    });
  });
});

describe('PoolUserEngine.stop', () => {
  it('fails what waits, and whatever is asked afterwards', () => {
    const { world, registrar, user } = connected();
    user.resolve();
    user.select();
    user.engine.stop();
    expect(user.resolutions).toEqual([{ ok: false, reason: 'stopped', causes: [] }]);
    expect(user.selections).toEqual(['no-registrar']);
    user.resolve();
    user.select();
    user.engine.reportFailure(testPool, 1);
    user.engine.stop();
    user.engine.start();
    world.clock.runUntilIdle();
    expect([user.resolutions.length, user.selections.length]).toEqual([2, 2]);
    expect(user.engine.state.phase).toBe('stopped');
    expect(registrar.channels.size).toBe(0);
  });
});

it('whatever registrars do, every resolution ends once, in at most three T1', () => {
  const step = fc.record({
    what: fc.constantFrom(
      'kill',
      'crash',
      'restart',
      'cut',
      'heal',
      'mute',
      'answer',
      'twice',
      'resolve',
      'select',
      'fail',
    ),
    who: fc.nat({ max: 2 }),
    waitMs: fc.nat({ max: 20_000 }),
  });
  fc.assert(
    fc.property(fc.integer(), fc.array(step, { maxLength: 30 }), fc.boolean(), (seed, steps, subscribe) => {
      const world = new AsapWorld(seed);
      const registrars = ['a', 'b', 'c'].map((address) => new FakeRegistrar(world, address));
      for (const registrar of registrars) registrar.answer = resolvesTo(1, 2, 3);
      const user = testUser(world, registrars, { subscribe, staleCacheMs: seed % 2 === 0 ? 0 : 5_000 });
      user.engine.start();
      let asked = 0;
      for (const { what, who, waitMs } of steps) {
        const registrar = registrars[who];
        if (registrar === undefined) throw new Error('no such registrar');
        const alive = world.network.lastNode(registrar.address)?.alive === true;
        if (what === 'kill') registrar.kill();
        else if (what === 'crash') registrar.kill('machine');
        else if (what === 'restart' && !alive) registrar.listen();
        else if (what === 'cut') world.network.cut('pu', registrar.address);
        else if (what === 'heal') world.network.heal('pu', registrar.address);
        else if (what === 'mute') registrar.answer = () => [];
        else if (what === 'answer') registrar.answer = resolvesTo(1, 2, 3);
        else if (what === 'twice') {
          registrar.answer = (message) => [...resolvesTo(1, 2)(message), ...resolvesTo(3)(message)];
        } else if (what === 'resolve') user.resolve();
        else if (what === 'select') user.select([1]);
        else user.engine.reportFailure(testPool, 2);
        if (what === 'resolve' || what === 'select') asked++;
        world.clock.runFor(waitMs);
      }
      world.clock.runFor(2 * 45_000 + 10); // a selection may ask twice
      expect(user.resolutions.length + user.selections.length).toBe(asked);
      expect(user.engine.state.outstandingRequests).toBe(0);
    }),
    { numRuns: 200 },
  );
});
