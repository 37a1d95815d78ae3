import { poolHandle } from '@rserpool/wire';
import { describe, expect, it } from 'vitest';
import { testPool } from '../registrar-hunt/asap-world.ts';
import type { FakeRegistrar } from '../registrar-hunt/asap-world.ts';
import { connected } from './connected-user.ts';

const resolutions = (registrar: FakeRegistrar) =>
  registrar.received.filter(({ message }) => message.type === 'handle-resolution');

describe('the pool of a business card (RFC 5352 section 3.9, BC1)', () => {
  it('is resolved when the cache has no entry, and selections find it there', () => {
    const { world, registrar, user } = connected({ staleCacheMs: 10_000 });
    user.engine.prepare(testPool);
    world.until(() => user.engine.state.cachedPools === 1);
    expect(resolutions(registrar)).toHaveLength(1);
    user.select();
    expect(user.selections).toEqual([1]);
    expect(resolutions(registrar)).toHaveLength(1);
  });

  it('is not resolved again while there is an entry, however old', () => {
    const { world, registrar, user } = connected();
    user.resolve();
    world.until(() => user.resolutions.length === 1);
    world.clock.runFor(3_600_000);
    user.engine.prepare(testPool);
    world.clock.runFor(1_000);
    expect(resolutions(registrar)).toHaveLength(1);
  });

  it('joins a request that is out', () => {
    const { world, registrar, user } = connected();
    user.resolve();
    user.engine.prepare(testPool);
    world.until(() => user.resolutions.length === 1);
    expect(resolutions(registrar)).toHaveLength(1);
  });

  it('may be unknown to the registrar: nothing follows', () => {
    const { world, user } = connected();
    user.engine.prepare(poolHandle('NoSuchPool'));
    world.clock.runFor(60_000);
    expect(user.engine.state).toMatchObject({ cachedPools: 0, outstandingRequests: 0 });
  });

  it('is not asked for by a pool user that has stopped', () => {
    const { user } = connected();
    user.engine.stop();
    user.engine.prepare(testPool);
    expect(user.engine.state.outstandingRequests).toBe(0);
  });
});
