import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeCalcApp,
  decodeCalcAppCookie,
  encodeCalcApp,
  encodeCalcAppCookie,
} from '../../src/services/calcapp.ts';
import { expectMalformed, expectMessage, u32, u64 } from '../expect-decoded.ts';
import { hex } from '../hex.ts';

const job = { jobId: 1, jobSize: 757703n, completed: 0n };

test.each([
  ['frame 1086', '01000018 00000001 00000000000b8fc7 0000000000000000', { type: 'request', ...job }],
  [
    'frame 1088',
    '02000018 00000001 0000000000000000 0000000000000000',
    { type: 'accept', ...job, jobSize: 0n },
  ],
  ['reject', '03000018 00000001 00000000000b8fc7 0000000000000000', { type: 'reject', ...job }],
  ['abort', '04000018 00000001 00000000000b8fc7 0000000000000000', { type: 'abort', ...job }],
  [
    'frame 1116',
    '05000018 00000001 00000000000b8fc7 00000000000b8fc7',
    { type: 'complete', ...job, completed: 757703n },
  ],
  ['keep-alive', '06000018 00000001 00000000000b8fc7 0000000000000000', { type: 'keep-alive', ...job }],
  ['its ack', '07000018 00000001 00000000000b8fc7 0000000000000000', { type: 'keep-alive-ack', ...job }],
  [
    'largest numbers',
    '01000018 ffffffff ffffffffffffffff fffffffffffffffe',
    { type: 'request', jobId: 0xffffffff, jobSize: 0xffffffffffffffffn, completed: 0xfffffffffffffffen },
  ],
] as const)('%s', (_, digits, message) => {
  expect(expectMessage(decodeCalcApp(hex(digits)))).toEqual(message);
  expect(encodeCalcApp(message)).toEqual(hex(digits));
});

test.each([
  ['nothing', '', 'header'],
  ['type 0', '00000018 00000001 00000000000b8fc7 0000000000000000', 'type 0'],
  ['type 8', '08000018 00000001 00000000000b8fc7 0000000000000000', 'type 8'],
  ['too short', '01000014 00000001 00000000000b8fc7 00000000', 'of 20 bytes, expected 24'],
  ['too long', '0100001c 00000001 00000000000b8fc7 0000000000000000 00000000', 'of 28 bytes, expected 24'],
  ['a lying length', '01000020 00000001 00000000000b8fc7 0000000000000000', 'length field says 32'],
])('malformed: %s', (_, digits, text) => expectMalformed(decodeCalcApp(hex(digits)), text));

const jobs = fc.record({ jobId: u32, jobSize: u64, completed: u64 });
const types = fc.constantFrom(
  ...(['request', 'accept', 'reject', 'abort', 'complete', 'keep-alive', 'keep-alive-ack'] as const),
);

test('every message is itself after encoding and decoding', () => {
  fc.assert(
    fc.property(types, jobs, (type, content) => {
      const message = { type, ...content };
      expect(expectMessage(decodeCalcApp(encodeCalcApp(message)))).toEqual(message);
    }),
  );
});

test('the cookie of job 2 (frame 1550)', () => {
  const cookie = hex('00000002 00000000001709b5 00000000000f4956');
  const content = { jobId: 2, jobSize: 1509813n, completed: 1001814n };
  expect(expectMessage(decodeCalcAppCookie(cookie))).toEqual(content);
  expect(encodeCalcAppCookie(content)).toEqual(cookie);
});

test('every cookie is itself after encoding and decoding', () => {
  fc.assert(
    fc.property(jobs, (content) => {
      expect(expectMessage(decodeCalcAppCookie(encodeCalcAppCookie(content)))).toEqual(content);
    }),
  );
});

test.each([0, 19, 21])('malformed cookie of %i bytes', (length) => {
  expectMalformed(decodeCalcAppCookie(new Uint8Array(length)), `cookie of ${length} bytes`);
});
