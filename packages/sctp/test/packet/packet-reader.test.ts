import { describe, expect, test } from 'vitest';
import { PacketReader } from '../../src/packet/packet-reader.ts';
import { hex } from '../support/hex.ts';
import { opened, packetOf, withChecksum } from '../support/packets.ts';

const cookieAck = hex('0b000004');

describe('a packet is opened', () => {
  test('with its header', () => {
    const { sourcePort, destinationPort, verificationTag } = opened(packetOf(cookieAck));
    expect({ sourcePort, destinationPort, verificationTag }).toEqual({
      sourcePort: 3863,
      destinationPort: 9901,
      verificationTag: 0x01020304,
    });
  });

  test('in the middle of other bytes, without touching them', () => {
    const packet = packetOf(hex('0b000004 04000008 0001 0004'));
    const around = new Uint8Array(packet.length + 20).fill(0xee);
    around.set(packet, 7);
    const before = around.slice();
    const reader = opened(around.subarray(7, 7 + packet.length));
    expect(chunksOf(reader)).toEqual(['11 0 12-16', '4 0 16-24']);
    expect(around).toEqual(before);
  });

  test.each([
    ['no bytes', new Uint8Array(0), 'too-short'],
    ['less than a common header', new Uint8Array(11), 'too-short'],
    ['no room for a chunk', packetOf(hex('0b0000')), 'too-short'],
    ['source port 0', withChecksum(hex('0000 26ad 01020304 00000000 0b000004')), 'port-zero'],
    ['destination port 0', withChecksum(hex('0f17 0000 01020304 00000000 0b000004')), 'port-zero'],
    ['no checksum', hex('0f17 26ad 01020304 00000000 0b000004'), 'checksum'],
  ])('but not with %s', (_, bytes, fault) => {
    expect(PacketReader.open(bytes)).toBe(fault);
  });

  test('but not with any bit flipped', () => {
    const packet = packetOf(cookieAck);
    for (let bit = 0; bit < packet.length * 8; bit++) {
      const damaged = packet.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(PacketReader.open(damaged), `bit ${bit}`).toBe('checksum');
    }
  });
});

describe('the chunks of a packet', () => {
  test.each([
    ['one', '0b000004', ['11 0 12-16'], false],
    [
      'several, with flags and padding',
      '06010004 0a000005 aa000000 0b000004',
      ['6 1 12-16', '10 0 16-21', '11 0 24-28'],
      false,
    ],
    ['the last without its padding', '0b000004 0a000005 aa', ['11 0 12-16', '10 0 16-21'], false],
    ['padding that is not zero', '0a000005 aabbccdd 0b000004', ['10 0 12-17', '11 0 20-24'], false],
    ['a length of 0', '0b000004 0a000000', ['11 0 12-16'], true],
    ['a length of 3', '0b000004 0a000003', ['11 0 12-16'], true],
    ['a length one byte beyond the packet', '0b000004 0a000009 aabbccdd', ['11 0 12-16'], true],
    ['a length of 65535', '0b000004 0a00ffff aabbccdd', ['11 0 12-16'], true],
    ['a chunk header that is cut', '0b000004 0a0000', ['11 0 12-16'], true],
    ['one stray byte', '0b000004 0a', ['11 0 12-16'], true],
    ['the first malformed', '0b000003', [], true],
  ])('%s', (_, content, chunks, truncated) => {
    const reader = opened(packetOf(hex(content)));
    expect(chunksOf(reader)).toEqual(chunks);
    expect(reader.truncated).toBe(truncated);
    expect(reader.next()).toBe(false);
    reader.rewind();
    expect(reader.truncated).toBe(false);
    expect(chunksOf(reader)).toEqual(chunks);
    expect(reader.truncated).toBe(truncated);
  });
});

function chunksOf(reader: PacketReader): string[] {
  const chunks: string[] = [];
  while (reader.next()) chunks.push(`${reader.type} ${reader.flags} ${reader.start}-${reader.end}`);
  return chunks;
}
