import { poolHandle } from '@rserpool/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HandlespaceWorld, naiveChecksum } from './handlespace-world.ts';

// RFC 5353 section 3.6.2.
test.each([
  { elements: [], checksum: 0xffff },
  { elements: [{ pool: 'EchoPool', elementId: 0x11223344 }], checksum: 0x4deb },
  { elements: [{ pool: 'Pool1', elementId: 1 }], checksum: 0x0f23 },
  {
    elements: [
      { pool: 'EchoPool', elementId: 0x11223344 },
      { pool: 'Pool1', elementId: 1 },
    ],
    checksum: 0x5d0e,
  },
])('the checksum of $elements is $checksum, as of RSPLIB', ({ elements, checksum }) => {
  const world = new HandlespaceWorld();
  for (const { pool, elementId } of elements) world.register(pool, elementId);
  expect(world.handlespace.checksum(1)).toBe(checksum);
});

const element = fc.record({
  handle: fc.uint8Array({ minLength: 1, maxLength: 9 }).map((bytes) => String.fromCharCode(...bytes)),
  elementId: fc.oneof(
    fc.constantFrom(1, 0xffff, 0x10000, 0xffff0000, 0xffffffff),
    fc.integer({ min: 1, max: 0xffffffff }),
  ),
});

test('it is the Internet checksum over the blocks, whatever came and went', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(element, { selector: ({ handle, elementId }) => `${elementId} ${handle}` }),
      (elements) => {
        const world = new HandlespaceWorld();
        const blocks = elements.map(({ handle, elementId }) => ({ handle: poolHandle(handle), elementId }));
        for (const { handle, elementId } of elements)
          world.register(handle, elementId, { homeRegistrarId: 7 });
        expect(world.handlespace.checksum(7)).toBe(naiveChecksum(blocks));
        for (const { handle, elementId } of blocks.splice(0, elements.length / 2)) {
          const found = world.handlespace.find(handle, elementId);
          if (found !== undefined) world.handlespace.remove(found);
        }
        expect(world.handlespace.checksum(7)).toBe(naiveChecksum(blocks));
      },
    ),
  );
});

test('sums that are a multiple of 0xffff are not taken for an empty handlespace', () => {
  const world = new HandlespaceWorld();
  const handle = poolHandle('\u0001\u0001');
  world.register('\u0001\u0001', 0xfefe); // 0x0101 + 0xfefe = 0xffff
  expect(world.handlespace.checksum(1)).toBe(0);
  expect(naiveChecksum([{ handle, elementId: 0xfefe }])).toBe(0);
});

test('it stays exact beyond 65,536 elements, where an accumulator of 32 bits would have wrapped', () => {
  const world = new HandlespaceWorld();
  const handle = poolHandle('\u00ff\u00ff\u00ff\u00ff');
  const elements = Array.from({ length: 70_000 }, (_, index) => ({
    handle,
    elementId: 0xffffffff - 3 * index,
  }));
  for (const { elementId } of elements) world.register('\u00ff\u00ff\u00ff\u00ff', elementId);
  expect(world.handlespace.checksum(1)).toBe(naiveChecksum(elements));
  for (const { elementId } of elements.splice(0, 69_000)) {
    const found = world.handlespace.find(handle, elementId);
    if (found !== undefined) world.handlespace.setOwner(found, 2);
  }
  expect(world.handlespace.checksum(1)).toBe(naiveChecksum(elements));
  expect(world.handlespace.ownedCount(2)).toBe(69_000);
});
