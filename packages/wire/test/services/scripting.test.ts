import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  scriptingMaxDataBytes,
  type ScriptingMessage,
  decodeScripting,
  encodeScripting,
} from '../../src/services/scripting.ts';
import { expectMalformed, expectMessage, u32 } from '../expect-decoded.ts';
import { hex } from '../hex.ts';

const sha1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';

test.each([
  ['not ready', '0000000c 00000001 66756c6c', { type: 'not-ready', reason: 1, info: 'full' }],
  ['ready (frame 1060)', '01000007 6c6162', { type: 'ready', info: 'lab' }],
  ['ready without a name', '01000004', { type: 'ready', info: '' }],
  ['a part of an upload', '02000007 1f8b08', { type: 'upload', data: hex('1f8b08') }],
  ['the end of an upload (frame 1064)', '02000004', { type: 'upload', data: new Uint8Array(0) }],
  ['a part of a download', '03000005 ff', { type: 'download', data: hex('ff') }],
  ['keep-alive (frame 1072)', '04000004', { type: 'keep-alive' }],
  ['its answer from a client (frame 1073)', '05000004', { type: 'keep-alive-ack' }],
  ['its answer with a status', '05000008 00000003', { type: 'keep-alive-ack', status: 3 }],
  ['status (frame 1115)', '06000008 00000001', { type: 'status', status: 1 }],
  ['do you have it?', `07000018 ${sha1}`, { type: 'environment', uploadNeeded: false, hash: hex(sha1) }],
  ['send it', `07010018 ${sha1}`, { type: 'environment', uploadNeeded: true, hash: hex(sha1) }],
] as const)('%s', (_, digits, message) => {
  expect(expectMessage(decodeScripting(hex(digits)))).toEqual(message);
  expect(encodeScripting(message)).toEqual(hex(digits));
});

test.each([
  ['nothing', '', 'header'],
  ['an unknown type', '08000004', 'type 8'],
  ['not ready without a reason', '00000006 0000', 'not-ready of 6 bytes'],
  ['information of 65 bytes', `01000045 ${'61'.repeat(65)}`, 'ready of 69 bytes'],
  [
    'an upload above the limit',
    `02004005 ${'00'.repeat(scriptingMaxDataBytes + 1)}`,
    'upload of 16389 bytes',
  ],
  ['a keep-alive with content', '04000008 00000000', 'keep-alive of 8 bytes'],
  ['half a status', '06000006 0000', 'status of 6 bytes'],
  ['a hash too short', '07000017 da39a3ee5e6b4b0d3255bfef95601890afd807', 'environment of 23 bytes'],
  ['a lying length', '0600000c 00000001', 'length field says 12'],
])('malformed: %s', (_, digits, text) => expectMalformed(decodeScripting(hex(digits)), text));

test('information that is not UTF-8 is taken byte by byte, and ends at a zero', () => {
  expect(decodeScripting(hex('01000006 e461'))).toMatchObject({ message: { info: 'äa' } });
  expect(decodeScripting(hex('01000008 6c006162'))).toMatchObject({ message: { info: 'l' } });
});

test('information is cut at 64 bytes, at the end of a character', () => {
  const encoded = encodeScripting({ type: 'ready', info: `${'a'.repeat(63)}äb` });
  expect(encoded).toEqual(hex(`01000043${'61'.repeat(63)}`));
});

test('data above the limit and hashes of another size cannot be encoded', () => {
  const data = new Uint8Array(scriptingMaxDataBytes + 1);
  expect(() => encodeScripting({ type: 'download', data })).toThrow('16385 bytes');
  const hash = new Uint8Array(19);
  expect(() => encodeScripting({ type: 'environment', uploadNeeded: false, hash })).toThrow('19 bytes');
});

const info = fc
  .string({ unit: 'grapheme', maxLength: 16 })
  .filter((text) => !text.includes('\0') && Buffer.byteLength(text) <= 64);
const messages: fc.Arbitrary<ScriptingMessage> = fc.oneof(
  fc.record({ type: fc.constant('not-ready' as const), reason: u32, info }),
  fc.record({ type: fc.constant('ready' as const), info }),
  fc.record({ type: fc.constantFrom('upload' as const, 'download' as const), data: fc.uint8Array() }),
  fc.record({ type: fc.constant('keep-alive' as const) }),
  fc.record({ type: fc.constant('keep-alive-ack' as const), status: u32 }, { requiredKeys: ['type'] }),
  fc.record({ type: fc.constant('status' as const), status: u32 }),
  fc.record({
    type: fc.constant('environment' as const),
    uploadNeeded: fc.boolean(),
    hash: fc.uint8Array({ minLength: 20, maxLength: 20 }),
  }),
);

test('every message is itself after encoding and decoding', () => {
  fc.assert(
    fc.property(messages, (message) => {
      expect(expectMessage(decodeScripting(encodeScripting(message)))).toEqual(message);
    }),
  );
});
