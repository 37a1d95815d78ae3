import fc from 'fast-check';
import { expect, test } from 'vitest';
import { transientCopy } from '../../src/bytes/transient-copy.ts';

test('copies of any sizes, small, shared and large, keep their bytes while others are made', () => {
  const sizes = fc.oneof(fc.nat(70), fc.nat(1_100), fc.nat(2_000));
  const pieces = fc.array(fc.record({ start: fc.nat(100), sizeBytes: sizes }), {
    maxLength: 60,
    size: 'max',
  });
  fc.assert(
    fc.property(pieces, (wanted) => {
      const source = Uint8Array.from({ length: 2_100 }, (_, index) => (index * 31) ^ (index >> 8));
      const copies = wanted.map(({ start, sizeBytes }) => transientCopy(source, start, start + sizeBytes));
      const expected = wanted.map(({ start, sizeBytes }) => source.slice(start, start + sizeBytes));
      source.fill(0); // a copy does not share memory with what it is of
      expect(copies.map((copy, index) => Buffer.compare(copy, expected[index] ?? source))).toEqual(
        copies.map(() => 0),
      );
    }),
  );
});

test('a copy of a Buffer is a plain array of bytes', () => {
  for (const sizeBytes of [10, 100, 2_000]) {
    const copy = transientCopy(Buffer.alloc(sizeBytes, 7), 0, sizeBytes);
    expect(copy).toEqual(new Uint8Array(sizeBytes).fill(7));
    expect(Buffer.isBuffer(copy)).toBe(false);
  }
});
