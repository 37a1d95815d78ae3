import { expect, test } from 'vitest';
import { decodeHeartbeat, heartbeatSizeBytes, writeHeartbeat } from '../../src/chunks/heartbeat.ts';
import { testChunk } from '../support/chunk-table.ts';
import { hex, hexText } from '../support/hex.ts';
import { written } from '../support/packets.ts';

// RFC 9260 sections 3.3.5 and 3.3.6
testChunk({
  name: 'HEARTBEAT',
  decode: decodeHeartbeat,
  write: (writer, { info }) => writeHeartbeat(writer, 'heartbeat', info),
  sizeBytes: ({ info }) => heartbeatSizeBytes(info.length),
  both: [
    ['eight bytes', '04000010 0001000c 0102030405060708', { info: hex('0102030405060708') }],
    ['padding that no length counts', '0400000b 00010007 aabbcc00', { info: hex('aabbcc') }],
    ['no bytes', '04000008 00010004', { info: new Uint8Array(0) }],
  ],
  decoded: [
    ['flags', '04ff0008 00010004', { info: new Uint8Array(0) }],
    ['padding that the chunk length counts', '0400000c 00010007 aabbcc00', { info: hex('aabbcc') }],
    ['something after it', '04000010 00010008 00000001 c0ff0004', { info: hex('00000001') }],
  ],
  rejected: [
    ['nothing', '04000004', 'parameter-missing', 'HEARTBEAT: expected a Heartbeat Info at byte 16, got none'],
    [
      'another parameter',
      '0400000c 00050008 0a000001',
      'parameter-missing',
      'HEARTBEAT: parameter 0x5 at byte 16: expected a Heartbeat Info',
    ],
    ['a parameter header that is cut', '04000007 00010400', 'parameter-length', 'got 3 stray bytes'],
    ['length 0', '04000008 00010000', 'parameter-length', 'expected a length of 4 to 4, got 0'],
    ['length 3', '04000008 00010003', 'parameter-length', 'got 3'],
    [
      'a length beyond the chunk',
      '04000008 00010005 00000000',
      'parameter-length',
      'expected a length of 4 to 4, got 5',
    ],
  ],
});

test('HEARTBEAT ACK is the same chunk of another type', () => {
  expect(hexText(written((writer) => writeHeartbeat(writer, 'heartbeat-ack', hex('aa'))))).toBe(
    '05000009 00010005 aa000000',
  );
});
