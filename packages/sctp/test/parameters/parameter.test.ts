import { expect, test } from 'vitest';
import { isReported, stopsChunk } from '../../src/parameters/parameter-type.ts';
import { encodeParameters } from '../../src/parameters/parameter.ts';
import { hex, hexText } from '../support/hex.ts';

test.each([
  [0x3fff, true, false],
  [0x7fff, true, true],
  [0xbfff, false, false],
  [0xffff, false, true],
])(
  'parameter type 0x%s of unknown kind: stop %s, report %s (RFC 9260 section 3.2.1)',
  (type, stop, report) => {
    expect([stopsChunk(type), isReported(type)]).toEqual([stop, report]);
  },
);

test('parameters are padded but the last, whose padding belongs to what it is in', () => {
  const parameters = [
    { type: 7, value: hex('aa') },
    { type: 0xffff, value: hex('') },
    { type: 8, value: hex('bbbb') },
  ];
  expect(hexText(encodeParameters(parameters))).toBe('00070005 aa000000 ffff0004 00080006 bbbb');
  expect(encodeParameters([])).toEqual(new Uint8Array(0));
});

test('a parameter of 65,535 bytes is the longest', () => {
  expect(encodeParameters([{ type: 7, value: new Uint8Array(0xfffb) }])).toHaveLength(0xffff);
  expect(() => encodeParameters([{ type: 7, value: new Uint8Array(0xfffc) }])).toThrow(RangeError);
});
