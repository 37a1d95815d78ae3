import { describe, expect, test } from 'vitest';
import { decodeAsap, decodeEnrp } from '../../src/index.ts';
import { message, parameter } from '../build.ts';
import { element, handle, ipv4, operationError } from '../samples.ts';
import { weight } from './weight.ts';

const largestBytes = 65_535;
const filled = (piece: Uint8Array, besides: number): Uint8Array => {
  const count = Math.floor((largestBytes - besides) / piece.length);
  return Uint8Array.from({ length: count * piece.length }, (_, index) => piece[index % piece.length] ?? 0);
};

/** Parameters nested as deep as 16 bits of length allow. */
function nested(type: number, fields: Uint8Array): Uint8Array {
  const layerBytes = 4 + fields.length;
  const depth = Math.floor(65_000 / layerBytes);
  const bytes = new Uint8Array(depth * layerBytes);
  for (let level = 0; level < depth; level++) {
    const length = (depth - level) * layerBytes;
    bytes.set([type >> 8, type & 0xff, length >> 8, length & 0xff, ...fields], level * layerBytes);
  }
  return bytes;
}

const wide: [string, Uint8Array][] = [
  ['error causes of 4 bytes', message(0x0e, 0, parameter(0xc, filled(parameter(9), 8)))],
  ['parameters to skip', message(0x02, 0, filled(parameter(0x80ff), 8))],
  ['parameters to skip and report', message(0x02, 0, filled(parameter(0xc0ff), 8))],
  ['addresses', message(0x0a, 0, '00000001', parameter(0x4, '00010000', filled(ipv4, 20)))],
  ['pool handles', message(0x02, 0, filled(handle, 8))],
  ['errors', message(0x0e, 0, filled(operationError, 8))],
  ['elements', message(0x0d, 0, handle, filled(element, 20))],
  ['a pool handle', message(0x05, 0, parameter(0x9, new Uint8Array(65_520).fill(0x41)))],
];

const tables: [string, Uint8Array][] = [
  ['empty pools', message(0x03, 0, '00000001 00000002', filled(parameter(0x9), 12))],
  ['elements in one pool', message(0x03, 0, '00000001 00000002', handle, filled(element, 24))],
];

const deep: [string, Uint8Array][] = [
  ['elements', message(0x01, 0, nested(0xa, new Uint8Array(12)))],
  ['transports', message(0x0a, 0, '00000001', nested(0x4, new Uint8Array(4)))],
];

describe('a message of 65,535 bytes', () => {
  test.each(wide)('full of %s decodes to no more than a constant times its size', (_, bytes) => {
    expect(weight(decodeAsap(bytes))).toBeLessThan(512 + 6 * bytes.length);
  });

  test.each(tables)('full of %s decodes to no more than a constant times its size', (_, bytes) => {
    const result = decodeEnrp(bytes);
    expect(result.ok).toBe(true);
    expect(weight(result)).toBeLessThan(512 + 6 * bytes.length);
  });

  test.each(deep)('with %s nested without end is rejected', (_, bytes) => {
    expect(decodeAsap(bytes).ok).toBe(false);
  });
});
