import { describe, expect, test } from 'vitest';
import { decodeAsap, encodePolicy, PolicyType } from '../../src/index.ts';
import type { Policy } from '../../src/index.ts';
import { message, parameter, patched } from '../build.ts';
import { hexText } from '../hex.ts';
import { handle, sctp } from '../samples.ts';
import { testParameter } from './parameter-tables.ts';

// RFC 5354 section 3.8; RFC 5356 sections 4.1.4, 4.2.4, 4.3.4, 4.4.4, 4.5.4, 5.1.4, 5.2.4, 5.3.4 and 5.4.4;
// from 0xb0001001 on reference/rsplib.md section 2.4.
const canonical: readonly (readonly [string, Uint8Array, Policy])[] = (
  [
    ['00000001', { name: 'round-robin' }],
    ['00000002 00000007', { name: 'weighted-round-robin', weight: 7 }],
    ['00000003', { name: 'random' }],
    ['00000004 ffffffff', { name: 'weighted-random', weight: 0xffffffff }],
    ['00000005 00000007', { name: 'priority', priority: 7 }],
    ['40000001 80000000', { name: 'least-used', load: 0x80000000 }],
    ['40000002 00000007 00000008', { name: 'least-used-degradation', load: 7, degradation: 8 }],
    ['40000003 00000007 00000008', { name: 'priority-least-used', load: 7, degradation: 8 }],
    ['40000004 00000007', { name: 'randomized-least-used', load: 7 }],
    ['b0001001 00000007 00000008', { name: 'randomized-priority-least-used', load: 7, degradation: 8 }],
    ['b0001002 00000007 00000008', { name: 'randomized-least-used-degradation', load: 7, degradation: 8 }],
    ['b0001003 00000007 00000008', { name: 'priority-least-used-degradation', load: 7, degradation: 8 }],
    [
      'b0001004 00000007 00000008',
      { name: 'randomized-priority-least-used-degradation', load: 7, degradation: 8 },
    ],
    [
      'b0002001 00000007 00000008 00000009',
      { name: 'weighted-random-dpf', weight: 7, weightDpf: 8, distanceMs: 9 },
    ],
    ['b0002002 00000007 00000008 00000009', { name: 'least-used-dpf', load: 7, loadDpf: 8, distanceMs: 9 }],
    [
      'b0002003 00000007 00000008 00000009 0000000a',
      { name: 'least-used-degradation-dpf', load: 7, degradation: 8, loadDpf: 9, distanceMs: 10 },
    ],
    [
      'b0002004 00000007 00000008 00000009',
      { name: 'priority-least-used-dpf', load: 7, loadDpf: 8, distanceMs: 9 },
    ],
    [
      'b0002005 00000007 00000008 00000009 0000000a',
      { name: 'priority-least-used-degradation-dpf', load: 7, degradation: 8, loadDpf: 9, distanceMs: 10 },
    ],
    ['80000001', { name: 'other', type: 0x80000001, data: new Uint8Array(0) }],
    ['00000006 010203', { name: 'other', type: 6, data: Uint8Array.of(1, 2, 3) }],
  ] satisfies [string, Policy][]
).map(([bytes, policy]) => [`${policy.name} ${bytes.slice(0, 8)}`, parameter(0x8, bytes), policy]);

const known = canonical.filter(([, , policy]) => policy.name !== 'other');

testParameter({
  name: 'Pool Member Selection Policy',
  carrier: (policy) => message(0x01, 0, handle, parameter(0xa, '00000001 00000000 0000001e', policy, sctp)),
  decode: decodeAsap,
  value: (message) => message.type === 'registration' && message.element.policy,
  accepts: canonical,
  rejects: [
    ['without a type', parameter(0x8), parameter(0x8), 'too few'],
    ['type 0', parameter(0x8, '00000000'), parameter(0x8, '00000000'), 'reserved'],
    ['type 0x40000000', parameter(0x8, '40000000'), parameter(0x8, '40000000'), 'reserved'],
    ...known.map(([name, bytes]) => {
      const longer = parameter(0x8, bytes.subarray(4), '00000000');
      return [`${name} a word too long`, longer, longer, `got ${longer.length}`] as const;
    }),
    ...known.map(([name, bytes]) => {
      const shorter = patched(bytes, 2, bytes.length - 1).subarray(0, bytes.length - 1);
      return [`${name} a byte too short`, patched(bytes, 2, bytes.length - 1), shorter, 'too few'] as const;
    }),
  ],
});

describe('a policy', () => {
  test.each(canonical)('%s encodes', (_, bytes, policy) => {
    const encoded = encodePolicy(policy);
    expect(hexText(encoded)).toBe(hexText(bytes.subarray(0, encoded.length)));
  });

  test('of each name is in the table', () => {
    expect(new Set(known.map(([, , policy]) => policy.name))).toEqual(new Set(Object.keys(PolicyType)));
  });

  test.each([-1, 0x1_0000_0000, 0.5, NaN, Infinity])('with weight %d is not encoded', (weight) => {
    expect(() => encodePolicy({ name: 'weighted-random', weight })).toThrow(
      expect.objectContaining({ code: 'bad-number' }),
    );
  });
});
