import { poolHandle } from '@rserpool/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { handlespaceCommands } from './handlespace-commands.ts';
import { HandlespaceWorld } from './handlespace-world.ts';
import { NaiveHandlespace } from './naive-handlespace.ts';

test('whatever is done, the handlespace is like one of lists', () => {
  fc.assert(
    fc.property(handlespaceCommands, (commands) => {
      fc.modelRun(() => ({ model: new NaiveHandlespace(), real: new HandlespaceWorld() }), commands);
    }),
    { numRuns: 50 },
  );
});

describe('an element', () => {
  test('is removed before its expiry is told, and knows its pool still', () => {
    const world = new HandlespaceWorld();
    world.register('A', 1, { registrationLifeMs: 1000 });
    world.clock.runFor(1000);
    const [element] = world.expired;
    expect(world.handlespace.find(poolHandle('A'), 1)).toBeUndefined();
    expect(world.handlespace.poolCount).toBe(0);
    expect(element?.pool.handle).toBe('A');
    if (element !== undefined) expect(world.handlespace.toParameter(element).elementId).toBe(1);
  });

  test('keeps what the registrar counted when it registers again', () => {
    const world = new HandlespaceWorld();
    const element = world.register('A', 1);
    element.unreachableReports = 2;
    expect(world.register('A', 1).unreachableReports).toBe(2);
    world.handlespace.remove(element);
    expect(world.register('A', 1).unreachableReports).toBe(0);
  });

  test('starts with a degradation counter of 0 at each registration (RFC 5356 section 5.2.2)', () => {
    const world = new HandlespaceWorld();
    const policy = { name: 'least-used-degradation', load: 0, degradation: 10 } as const;
    const select = () => world.handlespace.select(poolHandle('A'), 1)[0]?.elementId;
    for (const elementId of [1, 2]) world.register('A', elementId, { policy });
    expect([select(), select(), select(), select(), select()]).toEqual([1, 2, 1, 2, 1]); // 30 and 20 now
    world.register('A', 1, { policy });
    expect([select(), select(), select()]).toEqual([1, 1, 2]); // 0, 10, then 20 as the other, whose turn is longer ago
  });

  test('loses its ASAP transport when it registers again without', () => {
    const world = new HandlespaceWorld();
    const asapTransport = { protocol: 'tcp', port: 9, use: 'data', addresses: ['::1'] } as const;
    const element = world.register('A', 1, { asapTransport });
    expect(world.handlespace.toParameter(element)).toHaveProperty('asapTransport', asapTransport);
    world.register('A', 1);
    expect(world.handlespace.toParameter(element)).not.toHaveProperty('asapTransport');
  });

  test('is shown to users by one object until it changes', () => {
    const world = new HandlespaceWorld();
    const { handlespace } = world;
    const policy = { name: 'least-used-dpf', load: 1, loadDpf: 2, distanceMs: 3 } as const;
    const asapTransport = { protocol: 'tcp', port: 9, use: 'data', addresses: ['::1'] } as const;
    const element = world.register('A', 1, { policy, asapTransport });
    const changes: (() => void)[] = [
      () => handlespace.setDistance(element, 7),
      () => handlespace.setOwner(element, 99),
      () => world.register('A', 1, { policy: { ...policy, load: 8 }, asapTransport }),
    ];
    for (const change of changes) {
      const before = handlespace.toUserView(element);
      expect(handlespace.toUserView(element)).toBe(before);
      change();
      expect(handlespace.toUserView(element)).not.toEqual(before);
      expect({ ...handlespace.toUserView(element), asapTransport }).toEqual(handlespace.toParameter(element));
    }
  });

  test('of another handlespace is ignored', () => {
    const [mine, other] = [new HandlespaceWorld(), new HandlespaceWorld()];
    mine.register('A', 1);
    const foreign = other.register('A', 1);
    mine.handlespace.remove(foreign);
    mine.handlespace.setOwner(foreign, 5);
    expect(mine.handlespace.elementCount).toBe(1);
    expect(foreign.homeRegistrarId).toBe(1);
  });
});

test('nothing expires once it is closed', () => {
  const world = new HandlespaceWorld();
  world.register('A', 1, { registrationLifeMs: 1000 });
  world.handlespace.close();
  expect(world.clock.pendingTimers).toBe(0);
});

test('lists may be iterated while what they list is removed', () => {
  const world = new HandlespaceWorld();
  const { handlespace } = world;
  for (let elementId = 1; elementId <= 200; elementId++) world.register(`pool ${elementId % 3}`, elementId);
  const seen: number[] = [];
  for (const element of handlespace.ownedBy(1)) {
    seen.push(element.elementId);
    if (seen.length > 1) continue;
    for (let elementId = 1; elementId <= 150; elementId++) {
      const other = handlespace.find(poolHandle(`pool ${elementId % 3}`), elementId);
      if (other !== undefined) handlespace.remove(other);
    }
  }
  expect(seen).toEqual([1, ...Array.from({ length: 50 }, (_, index) => 151 + index)]);
  for (const pool of handlespace.pools()) for (const element of pool.elements()) handlespace.remove(element);
  expect([handlespace.elementCount, handlespace.poolCount]).toEqual([0, 0]);
});

test('how many elements count as used is an option', () => {
  const handle = poolHandle('A');
  const heads = (increments?: number): number[] => {
    const world = new HandlespaceWorld({}, increments === undefined ? {} : { increments });
    for (const elementId of [1, 2, 3, 4, 5]) world.register('A', elementId);
    return Array.from({ length: 3 }, () => world.handlespace.select(handle, 3)[0]?.elementId ?? 0);
  };
  expect(heads()).toEqual([1, 2, 3]);
  expect(heads(2)).toEqual([1, 3, 5]);
});
