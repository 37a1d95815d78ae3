import { describe, expect, test } from 'vitest';
import {
  decodeAsap,
  decodeEnrp,
  encodeAsap,
  poolHandle,
  poolHandleFromBytes,
  poolHandleSizeBytes,
} from '../../src/index.ts';
import { message, parameter, patched } from '../build.ts';
import { checksum, cookie, elementId, handle, items } from '../samples.ts';
import { testParameter } from './parameter-tables.ts';

// RFC 5354 section 3.9.
testParameter({
  name: 'Pool Handle',
  carrier: (name) => message(0x05, 0, name),
  decode: decodeAsap,
  value: (message) => message.type === 'handle-resolution' && message.poolHandle,
  accepts: [
    ['of text', handle, poolHandle('EchoPool')],
    ['of 5 bytes', parameter(0x9, '506f6f6c31'), poolHandle('Pool1')],
    [
      'of any bytes',
      parameter(0x9, '00ff80fe00'),
      poolHandleFromBytes(Uint8Array.of(0, 0xff, 0x80, 0xfe, 0)),
    ],
    ['empty', parameter(0x9), poolHandle('')],
  ],
  rejects: [['longer than the message', patched(handle, 2, 13), patched(handle, 2, 13), 'got 13']],
});

// RFC 5354 section 3.14.
testParameter({
  name: 'PE Identifier',
  carrier: (id) => message(0x02, 0, handle, id),
  decode: decodeAsap,
  value: (message) => message.type === 'deregistration' && message.elementId,
  accepts: [
    ['the lowest', parameter(0xe, '00000000'), 0],
    ['the highest', parameter(0xe, 'ffffffff'), 0xffffffff],
  ],
  rejects: [
    ['empty', parameter(0xe), parameter(0xe), 'too few'],
    ['a byte short', patched(elementId, 2, 7), patched(elementId, 2, 7).subarray(0, 7), 'too few'],
    [
      'a word long',
      parameter(0xe, '00000001 00000002'),
      parameter(0xe, '00000001 00000002'),
      'expected 8 bytes, got 12',
    ],
  ],
});

// RFC 5354 section 3.15.
testParameter({
  name: 'PE Checksum',
  carrier: (sum) => message(0x01, 0, '00000001 00000000', sum),
  decode: decodeEnrp,
  value: (message) => message.type === 'presence' && message.checksum,
  accepts: [
    ['a checksum', checksum, 0x4deb],
    ['whatever its padding is', Uint8Array.of(0, 0xf, 0, 6, 0x4d, 0xeb, 0xff, 0xff), 0x4deb],
  ],
  rejects: [
    ['empty', parameter(0xf), parameter(0xf), 'too few'],
    ['of length 8', parameter(0xf, '4deb0000'), parameter(0xf, '4deb0000'), 'expected 6 bytes, got 8'],
  ],
});

// RFC 5354 section 3.13.
testParameter({
  name: 'Cookie',
  carrier: (state) => message(0x0b, 0, state),
  decode: decodeAsap,
  value: (message) => message.type === 'cookie' && message.cookie,
  accepts: [
    ['of 4 bytes', cookie, Uint8Array.of(1, 2, 3, 4)],
    ['empty', parameter(0xd), new Uint8Array(0)],
    ['of 65,520 bytes', parameter(0xd, new Uint8Array(65_520).fill(7)), new Uint8Array(65_520).fill(7)],
  ],
  rejects: [['longer than the message', patched(cookie, 2, 9), patched(cookie, 2, 9), 'got 9']],
});

testParameter({
  name: 'Handle Resolution Option',
  carrier: (option) => message(0x05, 0, handle, option),
  decode: decodeAsap,
  value: (message) => message.type === 'handle-resolution' && message.items,
  accepts: [
    ['none', parameter(0x803f, '00000000'), 0],
    ['some', items, 2],
    ['as many as possible', parameter(0x803f, 'ffffffff'), Infinity],
  ],
  rejects: [
    ['empty', parameter(0x803f), parameter(0x803f), 'too few'],
    ['a word long', parameter(0x803f, '00000001 00000002'), parameter(0x803f, '00000001 00000002'), 'got 12'],
  ],
});

describe('a pool handle', () => {
  test.each(['', 'a', 'ab', 'abc', 'abcd', 'abcde'])(
    "'%s' has the size that it adds to a message",
    (text) => {
      const bytes = encodeAsap(
        { type: 'handle-resolution', subscribe: false, poolHandle: poolHandle(text) },
        'rfc',
      );
      expect(poolHandleSizeBytes(poolHandle(text))).toBe(bytes.length - 4);
    },
  );

  test('of 65,536 bytes is not encoded', () => {
    const name = poolHandleFromBytes(new Uint8Array(65_536));
    expect(() =>
      encodeAsap({ type: 'handle-resolution', subscribe: false, poolHandle: name }, 'rfc'),
    ).toThrow(expect.objectContaining({ code: 'too-long' }));
  });
});
