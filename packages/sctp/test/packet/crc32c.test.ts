import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crc32c, packetChecksum } from '../../src/packet/crc32c.ts';
import { hex } from '../support/hex.ts';

const ascending = Uint8Array.from({ length: 32 }, (_, index) => index);

describe('CRC32c', () => {
  // RFC 3720 appendix B.4 shows the bytes as they are sent: lowest byte first.
  test.each([
    ['32 bytes of zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ['32 bytes ascending', ascending, 0x46dd794e],
    ['32 bytes descending', ascending.toReversed(), 0x113fdb5c],
    [
      'an iSCSI SCSI Read (10) command',
      hex(`01c00000 00000000 00000000 00000000 14000000 00000400 00000014 00000018
           28000000 00000000 02000000 00000000`),
      0xd9963a56,
    ],
    ['the check value of the CRC catalogue', new TextEncoder().encode('123456789'), 0xe3069283],
    ['no bytes', new Uint8Array(0), 0],
  ])('%s', (_, bytes, expected) => {
    expect(crc32c(bytes)).toBe(expected);
  });

  test('is the same bit by bit, for all lengths and positions', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(20), fc.nat(20), (bytes, before, after) => {
        const around = new Uint8Array(before + bytes.length + after).fill(0xa5);
        around.set(bytes, before);
        expect(crc32c(around, before, before + bytes.length)).toBe(bitByBit(bytes));
      }),
    );
  });
});

describe("a packet's checksum", () => {
  test('is the CRC32c with zero in its own place', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 60 }), (packet) => {
        const blank = packet.slice();
        blank.fill(0, 8, 12);
        expect(packetChecksum(packet)).toBe(bitByBit(blank));
      }),
    );
  });

  test('looks at nothing beyond the end that is given', () => {
    const packet = Uint8Array.from({ length: 40 }, (_, index) => index);
    expect(packetChecksum(packet, 28)).toBe(packetChecksum(packet.slice(0, 28)));
  });
});

/** RFC 9260 appendix A without tables. */
function bitByBit(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}
