import { poolHandle } from '@rserpool/wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HandlespaceWorld } from './handlespace-world.ts';

const pools = ['A', 'B', 'C'];
const registrars = [1, 2];

/** Elements before the first page, then changes, of which `page` reads one. */
const element = fc.record({
  pool: fc.constantFrom(...pools),
  elementId: fc.integer({ min: 1, max: 30 }),
  registrarId: fc.constantFrom(...registrars),
});
const change = fc.record({
  kind: fc.constantFrom('register', 'register', 'remove', 'remove', 'owner', 'page', 'page'),
  element,
  pageSize: fc.integer({ min: 1, max: 7 }),
});

const name = (pool: string, elementId: number) => `${pool}/${elementId}`;

describe.each([
  { what: 'everything', ownerId: undefined },
  { what: 'what one registrar owns', ownerId: 1 },
])('the handle table of $what', ({ ownerId }) => {
  test('read while the handlespace changes has each element that was there all the time exactly once', () => {
    fc.assert(
      fc.property(
        fc.array(element, { maxLength: 80, size: 'max' }),
        fc.array(change, { maxLength: 120, size: 'max' }),
        (first, changes) => {
          const world = new HandlespaceWorld();
          const { handlespace } = world;
          for (const { pool, elementId, registrarId } of first)
            world.register(pool, elementId, { homeRegistrarId: registrarId });
          const listed = () =>
            Array.from(handlespace.pools())
              .flatMap((pool) => Array.from(pool.elements()))
              .filter((candidate) => ownerId === undefined || candidate.homeRegistrarId === ownerId)
              .map((candidate) => name(candidate.pool.handle, candidate.elementId));
          const constant = new Set(listed());
          const read: string[] = [];
          const table = handlespace.table(ownerId);
          const readPage = (pageSize: number): boolean => {
            const { pools: entries, more } = table.next(pageSize);
            const page = entries.flatMap(({ poolHandle: handle, elements }) =>
              elements.map(({ elementId }) => name(handle, elementId)),
            );
            expect(page.length).toBeLessThanOrEqual(pageSize);
            if (more) expect(page.length).toBe(pageSize);
            const now = listed();
            for (const entry of page) expect(now).toContain(entry); // nothing that is gone
            read.push(...page);
            return more;
          };
          let more = true;
          for (const { kind, element: target, pageSize } of changes) {
            const found = handlespace.find(poolHandle(target.pool), target.elementId);
            if (kind === 'page') more = more && readPage(pageSize);
            else if (kind === 'register')
              world.register(target.pool, target.elementId, { homeRegistrarId: target.registrarId });
            else if (found !== undefined && kind === 'remove') handlespace.remove(found);
            else if (found !== undefined) handlespace.setOwner(found, target.registrarId);
            const there = new Set(listed());
            for (const entry of constant) if (more && !there.has(entry)) constant.delete(entry);
          }
          while (more) more = readPage(5);
          for (const entry of constant) expect(read.filter((other) => other === entry)).toEqual([entry]);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('of a handlespace at rest has each element once, page by page', () => {
    const world = new HandlespaceWorld();
    for (let elementId = 1; elementId <= 25; elementId++)
      world.register(pools[elementId % 3] ?? '', elementId);
    const table = world.handlespace.table(ownerId);
    const sizes: number[] = [];
    const seen = new Set<number>();
    for (let more = true; more;) {
      const page = table.next(10);
      sizes.push(page.pools.reduce((sum, { elements }) => sum + elements.length, 0));
      expect(new Set(page.pools.map(({ poolHandle: handle }) => handle)).size).toBe(page.pools.length);
      for (const { elements } of page.pools) for (const { elementId } of elements) seen.add(elementId);
      more = page.more;
    }
    expect(sizes).toEqual([10, 10, 5]);
    expect(seen.size).toBe(25);
    expect(table.next(10)).toEqual({ pools: [], more: false });
  });
});

test('a table has the attributes that hold when its page is read', () => {
  const world = new HandlespaceWorld();
  const element1 = world.register('A', 1, {
    policy: { name: 'least-used-dpf', load: 5, loadDpf: 7, distanceMs: 1 },
    asapTransport: { protocol: 'sctp', port: 9, use: 'data', addresses: ['::1'] },
    registrationLifeMs: 3000,
  });
  const table = world.handlespace.table();
  world.handlespace.setDistance(element1, 30.4);
  world.handlespace.setOwner(element1, 9);
  expect(table.next(10)).toEqual({
    pools: [
      {
        poolHandle: 'A',
        elements: [
          {
            elementId: 1,
            homeRegistrarId: 9,
            registrationLifeMs: 3000,
            userTransport: { protocol: 'sctp', port: 7, use: 'data', addresses: ['127.0.0.1'] },
            policy: { name: 'least-used-dpf', load: 5, loadDpf: 7, distanceMs: 30 },
            asapTransport: { protocol: 'sctp', port: 9, use: 'data', addresses: ['::1'] },
          },
        ],
      },
    ],
    more: false,
  });
});

test('the table of a registrar that owns nothing is empty', () => {
  expect(new HandlespaceWorld().handlespace.table(5).next(10)).toEqual({ pools: [], more: false });
});
