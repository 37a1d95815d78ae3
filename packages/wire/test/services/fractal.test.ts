import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  fractalMaxPoints,
  type FractalMessage,
  decodeFractal,
  decodeFractalCookie,
  encodeFractal,
  encodeFractalCookie,
} from '../../src/services/fractal.ts';
import { expectMalformed, expectMessage, u32 } from '../expect-decoded.ts';
import { hex } from '../hex.ts';

// Frame 3116.
const parameters = `000000c8 000000fa 000003e8 00000001
  3ff2547feb8c4d52 3fd23dfd8d4250e0 3ff2547feb98d901 3fd23dfd8cf70aca 4000000000000000`;

test('the parameters of a fractalpooluser (frame 3116)', () => {
  const digits = `0100003c ${parameters}`;
  const message = expectMessage(decodeFractal(hex(digits)));
  expect(message).toMatchObject({ type: 'parameter', width: 200, height: 250, maxIterations: 1000, n: 2 });
  expect(message).toHaveProperty('c1Real', expect.closeTo(1.14563, 4));
  expect(encodeFractal(message)).toEqual(hex(digits));
});

test.each([
  [
    'two points',
    '02000018 0000005f 000000f9 00000002 00000134 ffffffff',
    { type: 'data', startX: 95, startY: 249, points: Uint32Array.of(0x134, 0xffffffff) },
  ],
  [
    'no points, but not the end',
    '02000010 ffffffff 00000000 00000000',
    { type: 'data', startX: 0xffffffff, startY: 0, points: new Uint32Array(0) },
  ],
  ['the end (frame 3333)', '02000010 ffffffff ffffffff 00000000', { type: 'end' }],
] as const)('data: %s', (_, digits, message) => {
  expect(expectMessage(decodeFractal(hex(digits)))).toEqual(message);
  expect(encodeFractal(message)).toEqual(hex(digits));
});

test.each([
  ['nothing', '', 'header'],
  ['an unknown type', '03000004', 'type 3'],
  ['parameters too short', `01000038 ${parameters}`.slice(0, -8), 'expected 60'],
  ['parameters too long', `01000040 ${parameters} 00000000`, 'expected 60'],
  ['data without a count', '0200000c 00000000 00000000', 'of 12 bytes'],
  ['more points announced than there are', '02000014 00000000 00000000 00000002 00000001', 'for 2 points'],
  ['fewer points announced than there are', '02000014 00000000 00000000 00000000 00000001', 'for 0 points'],
  [
    'a count whose bytes overflow 32 bit',
    '02000014 00000000 00000000 40000001 00000001',
    'for 1073741825 points',
  ],
])('malformed: %s', (_, digits, text) => expectMalformed(decodeFractal(hex(digits)), text));

test('more points than RSPLIB takes: neither decoded nor encoded', () => {
  const points = new Uint32Array(fractalMaxPoints);
  const full = encodeFractal({ type: 'data', startX: 0, startY: 0, points });
  expect(full).toHaveLength(1312);
  const larger = new Uint8Array(1316);
  larger.set(full);
  larger.set([1316 >> 8, 1316 & 0xff], 2);
  larger.set([(fractalMaxPoints + 1) >> 8, (fractalMaxPoints + 1) & 0xff], 14);
  expectMalformed(decodeFractal(larger), 'for 325 points');
  const message = {
    type: 'data',
    startX: 0,
    startY: 0,
    points: new Uint32Array(fractalMaxPoints + 1),
  } as const;
  expect(() => encodeFractal(message)).toThrow('325 points');
});

const anyParameters = fc.record({
  width: u32,
  height: u32,
  maxIterations: u32,
  algorithm: u32,
  c1Real: fc.double(),
  c1Imaginary: fc.double(),
  c2Real: fc.double(),
  c2Imaginary: fc.double(),
  n: fc.double(),
});
const messages: fc.Arbitrary<FractalMessage> = fc.oneof(
  anyParameters.map((content) => ({ type: 'parameter' as const, ...content })),
  fc.record({
    type: fc.constant('data' as const),
    startX: u32,
    startY: fc.nat({ max: 0xfffffffe }),
    points: fc.uint32Array({ maxLength: fractalMaxPoints }),
  }),
  fc.constant({ type: 'end' as const }),
);

test('every message is itself after encoding and decoding, to the last bit of its doubles', () => {
  fc.assert(
    fc.property(messages, (message) => {
      expect(expectMessage(decodeFractal(encodeFractal(message)))).toEqual(message);
    }),
  );
});

test('a cookie of RSPLIB, which leaves the length inside at 4 (frame 3130)', () => {
  const cookie = hex(`3c46472d5444313e 01000004 ${parameters} 00000077 00000030`);
  const content = expectMessage(decodeFractalCookie(cookie));
  expect(content).toMatchObject({
    currentX: 119,
    currentY: 48,
    parameters: { width: 200, algorithm: 1, n: 2 },
  });
  expect(encodeFractalCookie(content)).toEqual(cookie);
});

test('a cookie whose inner length is right', () => {
  const cookie = hex(`3c46472d5444313e 0100003c ${parameters} 00000077 00000030`);
  expect(expectMessage(decodeFractalCookie(cookie))).toMatchObject({ currentX: 119, currentY: 48 });
});

test('every cookie is itself after encoding and decoding', () => {
  fc.assert(
    fc.property(anyParameters, u32, u32, (content, currentX, currentY) => {
      const cookie = { parameters: content, currentX, currentY };
      expect(expectMessage(decodeFractalCookie(encodeFractalCookie(cookie)))).toEqual(cookie);
    }),
  );
});

test.each([
  ['nothing', '', '<FG-TD1>'],
  ['of another service', `3c50502d5444313e 01000004 ${parameters} 00000077 00000030`, '<FG-TD1>'],
  ['too short', `3c46472d5444313e 01000004 ${parameters} 00000077`, 'of 72 bytes'],
  ['too long', `3c46472d5444313e 01000004 ${parameters} 00000077 00000030 00`, 'of 77 bytes'],
  ['with data in it', `3c46472d5444313e 02000004 ${parameters} 00000077 00000030`, 'type 2'],
])('malformed cookie: %s', (_, digits, text) => expectMalformed(decodeFractalCookie(hex(digits)), text));
