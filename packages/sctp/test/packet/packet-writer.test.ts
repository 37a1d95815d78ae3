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
});
