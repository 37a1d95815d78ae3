import { describe, expect, it } from 'vitest';
import { CauseCode, poolHandle } from '@rserpool/wire';
import { cause, element, otherPool, testPool } from '../registrar-hunt/asap-world.ts';
import { connected, withPolicy } from './connected-user.ts';
import { resolvesTo, response } from './test-user.ts';

describe('RFC 5352 section 3.3, cache', () => {
  it('stale_cache_value 0 (section 7.2): the registrar is always asked', () => {
    const { world, registrar, user } = connected();
    for (let times = 0; times < 3; times++) {
      user.select();
      world.clock.runFor(20);
    }
    expect(registrar.got('handle-resolution')).toHaveLength(3);
    expect(user.selections).toEqual([1, 1, 1]); // the registrar's first choice each time
  });

  it('C1, C4: while it is not stale no request is sent', () => {
    const { world, registrar, user } = connected({ staleCacheMs: 30_000 });
    user.select();
    world.clock.runFor(20);
    for (let times = 0; times < 5; times++) user.select();
    user.resolve();
    expect(user.selections).toEqual([1, 2, 3, 1, 2, 3]); // at once
    expect(user.resolutions).toEqual([{ ok: true, elements: [element(1), element(2), element(3)] }]);
    world.clock.runFor(29_950);
    user.select();
    expect(user.selections).toHaveLength(7);
    expect(registrar.got('handle-resolution')).toHaveLength(1);
  });

  it('C2, C3: when it is stale the registrar is asked before the answer', () => {
    const { world, registrar, user } = connected({ staleCacheMs: 30_000 });
    user.select();
    world.clock.runFor(20);
    registrar.answer = resolvesTo(8, 9);
    world.clock.runFor(30_000);
    user.select();
    expect(user.selections).toEqual([1]);
    world.clock.runFor(20);
    expect(user.selections).toEqual([1, 8]);
  });

  it('a stale cache is better than no registrar', () => {
    const { world, registrar, user } = connected();
    user.select();
    world.clock.runFor(20);
    registrar.kill('machine');
    user.select();
    user.resolve();
    world.clock.runFor(45_000);
    expect(user.selections).toEqual([1, 2]);
    expect(user.resolutions).toEqual([{ ok: false, reason: 'no-registrar', causes: [] }]); // asked for what is current
  });

  it('an element whose registration life is over is not selected any more', () => {
    const { world, registrar, user } = connected({ staleCacheMs: Infinity });
    registrar.answer = resolvesTo(element(1, { registrationLifeMs: 5_000 }), element(2));
    user.select();
    world.clock.runFor(5_020);
    user.select();
    user.select();
    expect(user.selections).toEqual([1, 2, 2]);
  });

  it('a pool that is unknown now is forgotten', () => {
    const { world, registrar, user } = connected();
    user.select();
    world.clock.runFor(20);
    registrar.answer = () => [response([], { causes: [cause(CauseCode.unknownPoolHandle)] })];
    user.select();
    world.clock.runFor(20);
    expect(user.selections).toEqual([1, 'unknown-pool']);
    expect(user.engine.state.cachedPools).toBe(0);
  });

  it('a rejection for other reasons leaves what is known in use', () => {
    const { world, registrar, user } = connected();
    user.select();
    world.clock.runFor(20);
    registrar.answer = () => [response([], { causes: [cause(CauseCode.lackOfResources)] })];
    user.select();
    world.clock.runFor(20);
    expect(user.selections).toEqual([1, 2]);
  });

  it('limits: the pool resolved longest ago makes room, further elements are ignored', () => {
    const { world, registrar, user } = connected({
      maxCachedPools: 2,
      maxElementsPerPool: 2,
      staleCacheMs: Infinity,
    });
    const handles = ['x', 'y', 'z'].map((name) => poolHandle(name));
    registrar.answer = (message) =>
      message.type === 'handle-resolution'
        ? [response([element(1), element(2), element(3)], { poolHandle: message.poolHandle })]
        : [];
    for (const handle of handles) {
      user.select([], handle);
      world.clock.runFor(20);
    }
    expect(user.engine.state.cachedPools).toBe(2);
    for (let times = 0; times < 3; times++) user.select([], handles[2]);
    expect(user.selections).toEqual([1, 1, 1, 2, 1, 2]);
    user.select([], handles[1]);
    expect(user.selections).toHaveLength(7); // still cached
    user.select([], handles[0]);
    expect(user.selections).toHaveLength(7); // not any more
    world.clock.runFor(20);
    expect(user.selections).toHaveLength(8);
  });
});

describe('excluded elements', () => {
  it('are passed over', () => {
    const { world, user } = connected({ staleCacheMs: Infinity });
    user.select([1, 3]);
    world.clock.runFor(20);
    expect(user.selections).toEqual([2]);
  });

  it('all of the list: asks once for all elements of the pool, then says that there is none', () => {
    const { world, registrar, user } = connected({ items: 2 });
    user.select([1, 2]);
    world.clock.runFor(40);
    expect(user.selections).toEqual([3]);
    expect(registrar.got('handle-resolution').map(({ items }) => items)).toEqual([2, Infinity]);
    user.select([1, 2, 3]);
    world.clock.runFor(40);
    expect(user.selections).toEqual([3, 'no-element']);
    expect(registrar.got('handle-resolution').map(({ items }) => items)).toEqual([2, Infinity, 2, Infinity]);
  });

  it('may be cancelled while it asks for more', () => {
    const { world, registrar, user } = connected({ items: 2 });
    const selection = user.engine.select(testPool, () => expect.unreachable(), { exclude: new Set([1, 2]) });
    world.until(() => registrar.got('handle-resolution').length === 2, 100);
    selection.cancel();
    world.clock.runUntilIdle();
  });
});

describe('RFC 5352 section 3.5, unreachable endpoints', () => {
  it('are reported to the home registrar and not selected any more', () => {
    const { world, registrar, user } = connected({ staleCacheMs: Infinity });
    user.select();
    world.clock.runFor(20);
    user.engine.reportFailure(testPool, 1);
    user.select();
    user.select();
    user.select();
    world.clock.runFor(20);
    expect(user.selections).toEqual([1, 2, 3, 2]);
    expect(registrar.got('endpoint-unreachable')).toEqual([
      { type: 'endpoint-unreachable', poolHandle: testPool, elementId: 1 },
    ]);
  });

  it('no more than once, until the registrar lists the element again', () => {
    const { world, registrar, user } = connected();
    for (let times = 0; times < 5; times++) user.engine.reportFailure(testPool, 1);
    user.engine.reportFailure(testPool, 2);
    user.engine.reportFailure(otherPool, 1);
    world.clock.runFor(20);
    expect(registrar.got('endpoint-unreachable')).toHaveLength(3);
    user.select();
    world.clock.runFor(20);
    for (let times = 0; times < 5; times++) user.engine.reportFailure(testPool, 1);
    world.clock.runFor(20);
    expect(registrar.got('endpoint-unreachable')).toHaveLength(4);
  });

  it('are reported to the next registrar when there is none, and not again to another', () => {
    const { world, registrar, user } = connected();
    registrar.kill();
    world.until(() => user.engine.state.phase === 'hunting');
    user.engine.reportFailure(testPool, 1);
    registrar.listen();
    world.until(() => registrar.got('endpoint-unreachable').length === 1, 10_000);
    for (const channel of registrar.channels) channel.abort();
    world.clock.runFor(10_000);
    expect(user.engine.state.phase).toBe('connected');
    expect(registrar.got('endpoint-unreachable')).toHaveLength(1);
  });

  it('limit: the oldest reports are forgotten', () => {
    const { world, registrar, user } = connected({ maxFailureReports: 2 });
    for (const id of [1, 2, 3, 2, 3, 1]) user.engine.reportFailure(testPool, id);
    world.clock.runFor(20);
    expect(registrar.got('endpoint-unreachable').map(({ elementId }) => elementId)).toEqual([1, 2, 3, 1]);
  });
});

describe('RFC 5352 section 2.2.5, dynamic updates', () => {
  function subscribed(): ReturnType<typeof connected> {
    const result = connected({ subscribe: true });
    const { world, registrar, user } = result;
    registrar.answer = (message) =>
      message.type === 'handle-resolution'
        ? [response([element(1), element(2), element(3)], { subscribed: true })]
        : [];
    user.select();
    world.clock.runFor(20);
    return result;
  }

  it('S and A bit: a subscribed pool is never stale, and follows the changes', () => {
    const { world, registrar, user } = subscribed();
    expect(registrar.got('handle-resolution')).toEqual([
      { type: 'handle-resolution', subscribe: true, poolHandle: testPool },
    ]);
    world.clock.runFor(100_000);
    user.select();
    registrar.send(response([element(1), element(3), element(4)], { subscribed: true }));
    world.clock.runFor(20);
    for (let times = 0; times < 4; times++) user.select();
    expect(user.selections).toEqual([1, 2, 3, 1, 4, 3]); // elements that stay keep their turn, the new one came last before 1
    expect(registrar.got('handle-resolution')).toHaveLength(1);
  });

  it('a change of the policy is followed as well', () => {
    const { world, registrar, user } = subscribed();
    const elements = [4, 2, 1].map((load, index) => withPolicy(index + 1, { name: 'least-used', load }));
    registrar.send(response(elements, { subscribed: true, policy: { name: 'least-used', load: 0 } }));
    world.clock.runFor(20);
    user.select();
    user.select();
    expect(user.selections).toEqual([1, 3, 3]);
  });

  it('a pool that vanishes is forgotten, with its subscription', () => {
    const { world, registrar, user } = subscribed();
    registrar.send(response([], { causes: [cause(CauseCode.unknownPoolHandle)] }));
    world.clock.runFor(20);
    expect(user.engine.state.cachedPools).toBe(0);
    registrar.send(response([element(66)], { subscribed: true }));
    world.clock.runFor(20);
    expect(user.engine.state.cachedPools).toBe(0);
  });

  it('A=0: the pool is stale by its age', () => {
    const { world, registrar, user } = connected({ subscribe: true });
    user.select();
    world.clock.runFor(20);
    user.select();
    world.clock.runFor(20);
    expect(registrar.got('handle-resolution')).toHaveLength(2);
  });

  it('is asked for again at a new home registrar', () => {
    const { world, registrar, user } = subscribed();
    for (const channel of registrar.channels) channel.abort();
    world.until(() => user.engine.state.phase === 'hunting');
    user.select(); // without a registrar the subscription is worth nothing
    expect(user.selections).toEqual([1]);
    world.until(() => registrar.got('handle-resolution').length === 2, 1_000);
    world.clock.runFor(20);
    expect(user.selections).toEqual([1, 1]);
    user.select();
    expect(user.selections).toEqual([1, 1, 2]);
    expect(registrar.got('handle-resolution').map(({ subscribe }) => subscribe)).toEqual([true, true]);
  });

  it('an answer that comes when nobody waits any more is taken, and changes after it', () => {
    const { world, registrar, user } = subscribed();
    registrar.answer = () => [];
    for (const channel of registrar.channels) channel.abort();
    world.until(() => registrar.got('handle-resolution').length > 1, 1_000);
    world.until(() => user.engine.state.outstandingRequests === 0, 100_000);
    world.until(() => user.engine.state.phase === 'connected', 100_000);
    registrar.send(response([element(8)], { subscribed: true }));
    world.clock.runFor(20);
    user.select();
    registrar.send(response([element(9)], { subscribed: true }));
    world.clock.runFor(20);
    user.select();
    expect(user.selections).toEqual([1, 8, 9]);
  });
});
