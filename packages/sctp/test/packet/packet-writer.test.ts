import { describe, expect, test } from 'vitest';
import { PacketWriter } from '../../src/packet/packet-writer.ts';
import { hexText } from '../support/hex.ts';
import { header, opened } from '../support/packets.ts';

describe('a packet is written', () => {
  test('chunk by chunk, each padded with zeros', () => {
    const writer = new PacketWriter(header, 100);
    expect([writer.isEmpty, writer.roomBytes]).toEqual([true, 88]);
    expect(writer.startChunk(11, 3, 4)).toBe(16);
    expect([writer.isEmpty, writer.roomBytes]).toEqual([false, 84]);
    const at = writer.startChunk(10, 0, 5);
    expect([at, writer.roomBytes]).toEqual([20, 76]);
    writer.bytes[at] = 0xaa;
    expect(writer.startChunk(14, 1, 4)).toBe(28);
    const packet = writer.finish();
    expect(hexText(packet.subarray(12))).toBe('0b030004 0a000005 aa000000 0e010004');
    expect(opened(packet)).toMatchObject(header);
  });

  test('into room that fits to the byte', () => {
    const writer = new PacketWriter(header, 20);
    writer.startChunk(10, 0, 8);
    expect(writer.roomBytes).toBe(0);
    expect(writer.finish()).toHaveLength(20);
  });

  test.each([
    ['a chunk is too long', 20, 9],
    ['only its padding is too long', 19, 5],
    ['its length does not fit 16 bits', 100_000, 0x10000],
  ])('unless %s; then as if nothing was asked', (_, maxBytes, lengthBytes) => {
    const writer = new PacketWriter(header, maxBytes);
    expect(() => writer.startChunk(10, 0, lengthBytes)).toThrow(RangeError);
    expect(writer.isEmpty).toBe(true);
    expect(writer.finish()).toHaveLength(12);
  });

  test('once: nothing can be added to it any more', () => {
    const writer = new PacketWriter(header, 100);
    writer.startChunk(11, 0, 4);
    expect(writer.finish()).toHaveLength(16);
    expect(writer.roomBytes).toBe(0);
    expect(() => writer.startChunk(11, 0, 4)).toThrow(RangeError);
  });
});

describe('packets that are written at the same time or one after the other', () => {
  test('do not touch each other', () => {
    const finished: (readonly [Uint8Array, Uint8Array])[] = [];
    const write = (writer: PacketWriter, sizeBytes: number, fill: number): void => {
      const at = writer.startChunk(10, 0, 4 + sizeBytes);
      writer.bytes.fill(fill, at, at + sizeBytes);
    };
    for (let round = 1; round < 3_000; round++) {
      const outer = new PacketWriter(header, 1_400);
      write(outer, 1 + (round % 300), round);
      const inner = new PacketWriter(header, round % 500 === 0 ? 300_000 : 1_400);
      write(inner, 1 + (round % 200), round + 1);
      for (const writer of round % 2 === 0 ? [outer, inner] : [inner, outer]) {
        const packet = writer.finish();
        finished.push([packet, packet.slice()]);
      }
    }
    for (const [packet, copy] of finished) expect(packet.every((byte, at) => byte === copy[at])).toBe(true);
  });

  test('have zeros where nothing is written', () => {
    for (let round = 0; round < 2_000; round++) {
      const writer = new PacketWriter(header, 1_400);
      expect(writer.bytes.every((byte, at) => byte === 0 || at < 8)).toBe(true);
      const at = writer.startChunk(10, 0, 4 + (round % 50));
      writer.bytes.fill(0xff, at, at + (round % 50));
      writer.finish();
    }
  });
});
