import { expect, test } from 'vitest';
import { authSizeBytes, decodeAuth, writeAuth } from '../../src/chunks/auth.ts';
import { testChunk } from '../support/chunk-table.ts';
import { hex } from '../support/hex.ts';
import { onChunk, written } from '../support/packets.ts';

// RFC 4895 section 5.1
testChunk({
  name: 'AUTH',
  decode: decodeAuth,
  write: writeAuth,
  sizeBytes: ({ hmac }) => authSizeBytes(hmac.length),
  both: [
    [
      'SHA-1',
      `0f00001c 00000001 ${'5a'.repeat(20)}`,
      { sharedKeyId: 0, hmacId: 1, hmac: hex('5a'.repeat(20)) },
    ],
    [
      'SHA-256',
      `0f000028 ffff0003 ${'5a'.repeat(32)}`,
      { sharedKeyId: 0xffff, hmacId: 3, hmac: hex('5a'.repeat(32)) },
    ],
    ['no HMAC', '0f000008 00000000', { sharedKeyId: 0, hmacId: 0, hmac: new Uint8Array(0) }],
    ['padding', '0f000009 00010002 ab000000', { sharedKeyId: 1, hmacId: 2, hmac: hex('ab') }],
  ],
  decoded: [['flags', '0fff0008 00000001', { sharedKeyId: 0, hmacId: 1, hmac: new Uint8Array(0) }]],
  rejected: [
    ['nothing', '0f000004', 'chunk-length', 'AUTH: expected a length of at least 8 at byte 12, got 4'],
    ['half of its header', '0f000007 00000100', 'chunk-length', 'at least 8 at byte 12, got 7'],
  ],
});

test('the HMAC can be set when the rest of the packet is written', () => {
  const bytes = written((writer) => {
    const at = writeAuth(writer, { sharedKeyId: 0, hmacId: 1, hmac: new Uint8Array(20) });
    writer.startChunk(0xc1, 0, 4);
    writer.bytes.set(hex('77'.repeat(20)), at);
  });
  expect(decodeAuth(onChunk(bytes)).hmac).toEqual(hex('77'.repeat(20)));
});
