import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteReader, ByteWriter } from '../../src/index.ts';
import { hex, hexText } from '../hex.ts';

describe('ByteWriter and ByteReader', () => {
  // RFC 5352 section 2, RFC 5353 section 2.
  test('write and read in network byte order', () => {
    const writer = new ByteWriter(1);
    writer.u8(0x01);
    writer.u16(0x0203);
    writer.u32(0x84050607);
    writer.u64(0xf809_0a0b_0c0d_0e0fn);
    writer.f64(-1.5);
    writer.bytes(Uint8Array.of(0x10, 0x11));
    writer.characters('A\u00ff');
    writer.zeros(2);
    const bytes = writer.finish();
    expect(hexText(bytes)).toBe('01020384 050607f8 090a0b0c 0d0e0fbf f8000000 00000010 1141ff00 00');

    const reader = new ByteReader(bytes);
    expect([reader.u8(), reader.u16(), reader.u32(), reader.u64(), reader.f64()]).toEqual([
      0x01,
      0x0203,
      0x84050607,
      0xf809_0a0b_0c0d_0e0fn,
      -1.5,
    ]);
    expect(reader.bytes(2)).toEqual(Uint8Array.of(0x10, 0x11));
    expect(reader.characters(2)).toBe('A\u00ff');
    expect([reader.remaining, reader.short]).toEqual([2, false]);
    reader.skip(2);
    expect([reader.remaining, reader.short]).toEqual([0, false]);
  });

  test('any numbers come back', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 0xffff_ffff }),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        fc.double(),
        (u32, u64, f64) => {
          const writer = new ByteWriter();
          writer.u32(u32);
          writer.u64(u64);
          writer.f64(f64);
          const reader = new ByteReader(writer.finish());
          expect([reader.u32(), reader.u64(), reader.f64()]).toEqual([u32, u64, f64]);
        },
      ),
    );
  });

  test('any characters come back', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const characters = new ByteReader(bytes).characters(bytes.length);
        const writer = new ByteWriter();
        writer.characters(characters);
        expect(writer.finish()).toEqual(bytes);
      }),
    );
  });
});

describe('ByteReader', () => {
  const reads: [string, number, (reader: ByteReader) => unknown, unknown][] = [
    ['u8', 1, (reader) => reader.u8(), 0],
    ['u16', 2, (reader) => reader.u16(), 0],
    ['u32', 4, (reader) => reader.u32(), 0],
    ['u64', 8, (reader) => reader.u64(), 0n],
    ['f64', 8, (reader) => reader.f64(), 0],
    ['bytes', 3, (reader) => reader.bytes(3), new Uint8Array(0)],
    ['characters', 3, (reader) => reader.characters(3), ''],
    ['skip', 3, (reader) => (reader.skip(3), undefined), undefined],
  ];

  test.each(reads)(
    '%s that lacks a byte reads nothing and is short from then on',
    (_, size, read, nothing) => {
      const reader = new ByteReader(new Uint8Array(size).fill(0xff), 1);
      expect(read(reader)).toEqual(nothing);
      expect([reader.short, reader.remaining]).toEqual([true, 0]);
      expect(reader.u8()).toBe(0);
    },
  );

  test('does not read past the end it was given', () => {
    const reader = new ByteReader(hex('01020304'), 1, 3);
    expect([reader.u16(), reader.short, reader.u8(), reader.short]).toEqual([0x0203, false, 0, true]);
    expect(new ByteReader(hex('0102'), 0, 10).remaining).toBe(2);
  });

  test('copies: later changes of the buffer do not show', () => {
    const buffer = Buffer.from([1, 2, 3]);
    const copy = new ByteReader(buffer).bytes(3);
    buffer.fill(0);
    expect(copy).toEqual(Uint8Array.of(1, 2, 3));
  });

  test('a negative count is short', () => {
    const reader = new ByteReader(hex('0102'), 1);
    expect([reader.bytes(-1), reader.short]).toEqual([new Uint8Array(0), true]);
  });
});

describe('ByteWriter', () => {
  test('patches what was written, and starts anew with the same buffer', () => {
    const writer = new ByteWriter();
    writer.u32(0);
    writer.patchU16(2, 0xabcd);
    const first = writer.finish();
    writer.clear();
    writer.u8(1);
    expect([hexText(first), hexText(writer.finish()), writer.length]).toEqual(['0000abcd', '01', 1]);
  });

  test('zeros are zero in a buffer that was used before', () => {
    const writer = new ByteWriter();
    writer.bytes(new Uint8Array(8).fill(0xff));
    writer.clear();
    writer.zeros(4);
    expect(hexText(writer.finish())).toBe('00000000');
  });

  test.each<[string, (writer: ByteWriter) => void]>([
    ['u8 256', (writer) => writer.u8(256)],
    ['u8 -1', (writer) => writer.u8(-1)],
    ['u16 65,536', (writer) => writer.u16(65_536)],
    ['u16 0.5', (writer) => writer.u16(0.5)],
    ['u32 -1', (writer) => writer.u32(-1)],
    ['u32 2^32', (writer) => writer.u32(2 ** 32)],
    ['u32 NaN', (writer) => writer.u32(NaN)],
    ['u64 -1', (writer) => writer.u64(-1n)],
    ['u64 2^64', (writer) => writer.u64(2n ** 64n)],
  ])('throws for %s', (_, write) => {
    expect(() => write(new ByteWriter())).toThrow(
      expect.objectContaining({ name: 'WireEncodeError', code: 'bad-number' }),
    );
  });
});
