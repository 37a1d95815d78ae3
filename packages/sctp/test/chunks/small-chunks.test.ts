import { cookieAckSizeBytes, decodeCookieAck, writeCookieAck } from '../../src/chunks/cookie-ack.ts';
import { cookieEchoSizeBytes, decodeCookieEcho, writeCookieEcho } from '../../src/chunks/cookie-echo.ts';
import { decodeShutdownAck, shutdownAckSizeBytes, writeShutdownAck } from '../../src/chunks/shutdown-ack.ts';
import {
  decodeShutdownComplete,
  shutdownCompleteSizeBytes,
  writeShutdownComplete,
} from '../../src/chunks/shutdown-complete.ts';
import { decodeShutdown, shutdownSizeBytes, writeShutdown } from '../../src/chunks/shutdown.ts';
import { testChunk } from '../support/chunk-table.ts';
import { hex } from '../support/hex.ts';

// RFC 9260 section 3.3.8
testChunk({
  name: 'SHUTDOWN',
  decode: decodeShutdown,
  write: writeShutdown,
  sizeBytes: () => shutdownSizeBytes,
  both: [['the highest TSN', '07000008 ffffffff', { cumulativeTsn: 0xffff_ffff }]],
  decoded: [['flags', '07ff0008 00000001', { cumulativeTsn: 1 }]],
  rejected: [
    ['nothing', '07000004', 'chunk-length', 'SHUTDOWN: expected a length of 8 at byte 12, got 4'],
    ['a TSN that is cut', '07000007 00000000', 'chunk-length', 'got 7'],
    ['more than a TSN', '0700000c 00000000 00000000', 'chunk-length', 'got 12'],
  ],
});

// RFC 9260 section 3.3.9
testChunk({
  name: 'SHUTDOWN ACK',
  decode: decodeShutdownAck,
  write: writeShutdownAck,
  sizeBytes: () => shutdownAckSizeBytes,
  both: [['a header', '08000004', undefined]],
  decoded: [['flags', '08ff0004', undefined]],
  rejected: [
    [
      'something in it',
      '08000008 00000000',
      'chunk-length',
      'SHUTDOWN ACK: expected a length of 4 at byte 12, got 8',
    ],
  ],
});

// RFC 9260 section 3.3.13
testChunk({
  name: 'SHUTDOWN COMPLETE',
  decode: decodeShutdownComplete,
  write: writeShutdownComplete,
  sizeBytes: () => shutdownCompleteSizeBytes,
  both: [
    ['the right tag', '0e000004', { tagIsReflected: false }],
    ['a reflected tag', '0e010004', { tagIsReflected: true }],
  ],
  decoded: [['reserved flags', '0efe0004', { tagIsReflected: false }]],
  rejected: [
    [
      'something in it',
      '0e000005 00000000',
      'chunk-length',
      'SHUTDOWN COMPLETE: expected a length of 4 at byte 12, got 5',
    ],
  ],
});

// RFC 9260 section 3.3.12
testChunk({
  name: 'COOKIE ACK',
  decode: decodeCookieAck,
  write: writeCookieAck,
  sizeBytes: () => cookieAckSizeBytes,
  both: [['a header', '0b000004', undefined]],
  decoded: [['flags', '0bff0004', undefined]],
  rejected: [
    [
      'something in it',
      '0b000008 00000000',
      'chunk-length',
      'COOKIE ACK: expected a length of 4 at byte 12, got 8',
    ],
  ],
});

// RFC 9260 section 3.3.11
testChunk({
  name: 'COOKIE ECHO',
  decode: decodeCookieEcho,
  write: writeCookieEcho,
  sizeBytes: ({ cookie }) => cookieEchoSizeBytes(cookie.length),
  both: [
    ['a cookie with padding', '0a000007 aabbcc00', { cookie: hex('aabbcc') }],
    ['an empty one', '0a000004', { cookie: new Uint8Array(0) }],
  ],
  decoded: [['flags, no padding', '0aff0007 aabbcc', { cookie: hex('aabbcc') }]],
  rejected: [],
});
