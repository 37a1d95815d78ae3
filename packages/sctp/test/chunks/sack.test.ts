import { expect, test } from 'vitest';
import { decodeSack, sackSizeBytes, writeSack } from '../../src/chunks/sack.ts';
import { maxGapBlocks, maxReportedDuplicates } from '../../src/limits.ts';
import { testChunk } from '../support/chunk-table.ts';
import { hex } from '../support/hex.ts';
import { onChunk, written } from '../support/packets.ts';

testChunk({
  name: 'SACK',
  decode: decodeSack,
  write: writeSack,
  sizeBytes: ({ gaps, duplicates }) => sackSizeBytes(gaps.length / 2, duplicates.length),
  both: [
    [
      'all is there',
      '03000010 0000000c 00010000 00000000',
      { cumulativeTsn: 12, advertisedWindowBytes: 65_536, gaps: [], duplicates: [] },
    ],
    [
      'the example of RFC 9260 section 3.3.4',
      '03000018 0000000c 00001234 00020000 00020003 00050005',
      { cumulativeTsn: 12, advertisedWindowBytes: 4_660, gaps: [2, 3, 5, 5], duplicates: [] },
    ],
    [
      'duplicates',
      '03000018 ffffffff 00000000 00000002 00000013 00000013',
      { cumulativeTsn: 0xffff_ffff, advertisedWindowBytes: 0, gaps: [], duplicates: [19, 19] },
    ],
    [
      'gaps and duplicates',
      '03000018 00000001 ffffffff 00010001 0002ffff fffffffe',
      {
        cumulativeTsn: 1,
        advertisedWindowBytes: 0xffff_ffff,
        gaps: [2, 0xffff],
        duplicates: [0xffff_fffe],
      },
    ],
  ],
  decoded: [
    [
      'flags, and blocks out of order',
      '03ff0018 00000001 00000000 00020000 00050005 00010002',
      { cumulativeTsn: 1, advertisedWindowBytes: 0, gaps: [5, 5, 1, 2], duplicates: [] },
    ],
  ],
  rejected: [
    ['nothing', '03000004', 'chunk-length', 'SACK: expected a length of at least 16 at byte 12, got 4'],
    ['cut counts', '0300000e 00000001 00000000 00000000', 'chunk-length', 'got 14'],
    [
      'more blocks than bytes',
      '03000014 00000001 00000000 00020000 00020003',
      'chunk-length',
      'expected a length of 24 at byte 12, got 20',
    ],
    [
      'more duplicates than bytes',
      '03000010 00000001 00000000 00000001',
      'chunk-length',
      'expected a length of 20',
    ],
    [
      'the highest counts',
      '03000010 00000001 00000000 ffffffff',
      'chunk-length',
      'expected a length of 524296',
    ],
    [
      'bytes after them',
      '03000014 00000001 00000000 00000000 00000000',
      'chunk-length',
      'expected a length of 16',
    ],
    [
      'a block that ends before it starts',
      '03000014 00000001 00000000 00010000 00030002',
      'field-value',
      'a Gap Ack Block at byte 28, got 3 to 2',
    ],
    ['a block that starts at 0', '03000014 00000001 00000000 00010000 00000002', 'field-value', 'got 0 to 2'],
  ],
});

test('blocks and duplicates above the limits are left out', () => {
  const gaps = Array.from({ length: 2 * (maxGapBlocks + 5) }, (_, index) => index + 1);
  const duplicates = Array.from({ length: maxReportedDuplicates + 5 }, (_, index) => index);
  const bytes = written((writer) =>
    writeSack(writer, { cumulativeTsn: 1, advertisedWindowBytes: 2, gaps, duplicates }),
  );
  const sack = decodeSack(onChunk(bytes));
  expect(sack.gaps).toEqual(gaps.slice(0, 2 * maxGapBlocks));
  expect(sack.duplicates).toEqual(duplicates.slice(0, maxReportedDuplicates));
});

test('the lists of chunks without them are not shared by accident', () => {
  const bytes = hex('03000010 0000000c 00010000 00000000');
  expect(Object.isFrozen(decodeSack(onChunk(bytes)).gaps)).toBe(true);
});
