import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodePingPong,
  decodePingPongCookie,
  encodePingPong,
  encodePingPongCookie,
} from '../../src/services/pingpong.ts';
import { expectMalformed, expectMessage, u64 } from '../expect-decoded.ts';
import { hex } from '../hex.ts';

test.each([
  [
    'ping 1 of pingpongclient (frame 964, shortened)',
    '0100000f 0000000000000001 4e6163',
    { type: 'ping', messageNumber: 1n, data: hex('4e6163') },
  ],
  [
    'pong 8 with reply 8 (frame 1183, shortened)',
    '02000017 0000000000000008 0000000000000008 4e6163',
    { type: 'pong', messageNumber: 8n, replyNumber: 8n, data: hex('4e6163') },
  ],
  [
    'largest numbers, no data',
    '02000014 ffffffffffffffff fffffffffffffffe',
    {
      type: 'pong',
      messageNumber: 0xffffffffffffffffn,
      replyNumber: 0xfffffffffffffffen,
      data: new Uint8Array(0),
    },
  ],
] as const)('%s', (_, digits, message) => {
  expect(expectMessage(decodePingPong(hex(digits)))).toEqual(message);
  expect(encodePingPong(message)).toEqual(hex(digits));
});

test.each([
  ['nothing', '', 'header'],
  ['half a header', '0100', 'header'],
  ['a length below the bytes', '0100000c 0000000000000001 4e6163', 'length field says 12'],
  ['a length beyond the bytes', '01000010 0000000000000001 4e6163', 'length field says 16'],
  ['an unknown type', '0300000c 0000000000000001', 'type 3'],
  ['a ping without its number', '01000008 00000000', 'cut to 8 bytes'],
  ['a pong without its reply number', '0200000c 0000000000000001', 'cut to 12 bytes'],
])('malformed: %s', (_, digits, text) => expectMalformed(decodePingPong(hex(digits)), text));

test('data beyond the length field cannot be encoded', () => {
  const message = { type: 'ping', messageNumber: 1n, data: new Uint8Array(0xffff - 11) } as const;
  expect(() => encodePingPong(message)).toThrow('65536');
});

test('every message is itself after encoding and decoding', () => {
  const messages = fc.oneof(
    fc.record({ type: fc.constant('ping' as const), messageNumber: u64, data: fc.uint8Array() }),
    fc.record({
      type: fc.constant('pong' as const),
      messageNumber: u64,
      replyNumber: u64,
      data: fc.uint8Array(),
    }),
  );
  fc.assert(
    fc.property(messages, (message) => {
      expect(expectMessage(decodePingPong(encodePingPong(message)))).toEqual(message);
    }),
  );
});

test('the cookie of a session after its first reply (frame 968)', () => {
  const cookie = hex('3c50502d5444313e 0000000000000002');
  expect(expectMessage(decodePingPongCookie(cookie))).toEqual({ nextReplyNumber: 2n });
  expect(encodePingPongCookie({ nextReplyNumber: 2n })).toEqual(cookie);
});

test('every cookie is itself after encoding and decoding', () => {
  fc.assert(
    fc.property(u64, (nextReplyNumber) => {
      expect(expectMessage(decodePingPongCookie(encodePingPongCookie({ nextReplyNumber })))).toEqual({
        nextReplyNumber,
      });
    }),
  );
});

test.each([
  ['nothing', ''],
  ['of another service', '3c46472d5444313e 0000000000000002'],
  ['too short', '3c50502d5444313e 00000000000000'],
  ['too long', '3c50502d5444313e 0000000000000002 00'],
])('malformed cookie: %s', (_, digits) => expectMalformed(decodePingPongCookie(hex(digits)), '<PP-TD1>'));

test('decoding never throws', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (data) => {
      expect(decodePingPong(data).ok && data.length < 12).toBe(false);
      expect(decodePingPongCookie(data).ok && data.length !== 16).toBe(false);
    }),
  );
});
