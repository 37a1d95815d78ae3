import { poolHandle } from '@rserpool/wire';
import { describe, expect, test } from 'vitest';
import type { Sweep } from '../../src/handlespace/sweep.ts';
import { HandlespaceWorld } from './handlespace-world.ts';

const removedBy = (sweep: Sweep, maxElements = 100): number[] =>
  sweep.next(maxElements).removed.map(({ elementId }) => elementId);

function filled(count: number): HandlespaceWorld {
  const world = new HandlespaceWorld();
  for (let elementId = 1; elementId <= count; elementId++) world.register('A', elementId);
  return world;
}

describe('a sweep', () => {
  test('removes what was marked and has not been registered since (RFC 5353 section 3.6.3)', () => {
    const world = filled(4);
    world.handlespace.mark(1);
    world.register('A', 2);
    world.register('A', 5);
    expect(removedBy(world.handlespace.sweep(1))).toEqual([1, 3, 4]);
    expect(world.handlespace.elementCount).toBe(2);
    expect(removedBy(world.handlespace.sweep(1))).toEqual([]);
  });

  test('without a mark, or of a registrar that owns nothing, removes nothing', () => {
    const { handlespace } = filled(2);
    expect(handlespace.sweep(1).next(100)).toEqual({ removed: [], more: false });
    handlespace.mark(7);
    expect(handlespace.sweep(7).next(100)).toEqual({ removed: [], more: false });
  });

  test('never looks at more elements than it is told to, of 100,000 either', () => {
    const { handlespace } = filled(100_000);
    handlespace.mark(1);
    const sweep = handlespace.sweep(1);
    for (let part = 1; part <= 100; part++) {
      expect(sweep.next(1_000).removed).toHaveLength(1_000);
      expect(handlespace.elementCount).toBe(100_000 - part * 1_000);
    }
    expect(sweep.next(1_000)).toEqual({ removed: [], more: false });
  });

  test('counts those that stay too', () => {
    const world = filled(10);
    world.handlespace.mark(1);
    for (const elementId of [1, 2, 3, 4, 5]) world.register('A', elementId);
    const sweep = world.handlespace.sweep(1);
    expect(removedBy(sweep, 5)).toEqual([]);
    expect(removedBy(sweep, 5)).toEqual([6, 7, 8, 9, 10]);
  });
});

describe('between two parts of a sweep', () => {
  test('what registers again, comes, or goes to another registrar stays', () => {
    const world = filled(6);
    world.handlespace.mark(1);
    const sweep = world.handlespace.sweep(1);
    expect(removedBy(sweep, 2)).toEqual([1, 2]);
    world.register('A', 3);
    world.register('A', 7);
    world.register('A', 4, { homeRegistrarId: 2 });
    expect(removedBy(sweep)).toEqual([5, 6]);
    expect([3, 4, 7].map((id) => world.handlespace.find(poolHandle('A'), id)?.homeRegistrarId)).toEqual([
      1, 2, 1,
    ]);
  });

  test('a later mark concerns only the sweep after it', () => {
    const world = filled(4);
    world.handlespace.mark(1);
    for (const elementId of [3, 4]) world.register('A', elementId); // listed the first time
    const first = world.handlespace.sweep(1);
    expect(removedBy(first, 1)).toEqual([1]);
    world.handlespace.mark(1);
    expect(removedBy(first)).toEqual([2]);
    world.register('A', 4); // listed the second time
    expect(removedBy(world.handlespace.sweep(1))).toEqual([3]);
  });

  test('all that the registrar owns may go, and others come', () => {
    const world = filled(3);
    world.handlespace.mark(1);
    const sweep = world.handlespace.sweep(1);
    for (const element of [...world.handlespace.ownedBy(1)]) world.handlespace.remove(element);
    world.register('A', 9);
    expect(sweep.next(100)).toEqual({ removed: [], more: false });
    expect(world.handlespace.elementCount).toBe(1);
  });
});

test('a mark does not outlive a change of the owner', () => {
  const world = new HandlespaceWorld();
  const element = world.register('A', 1, { homeRegistrarId: 1 });
  world.register('A', 2, { homeRegistrarId: 2 });
  world.handlespace.mark(1);
  world.handlespace.mark(2);
  world.handlespace.setOwner(element, 2);
  expect(removedBy(world.handlespace.sweep(2))).toEqual([2]);
  world.handlespace.setOwner(element, 1);
  expect(removedBy(world.handlespace.sweep(1))).toEqual([]);
});
