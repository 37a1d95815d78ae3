import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAsap, encodeTransport } from '../../src/index.ts';
import type { AsapMessage, Transport } from '../../src/index.ts';
import { transport } from '../arbitraries/parameters.ts';
import { joined, message, parameter, patched } from '../build.ts';
import { hexText } from '../hex.ts';
import { cookie, handle, ipv4, ipv6, roundRobin } from '../samples.ts';
import { testParameter } from './parameter-tables.ts';

const carrier = (bytes: Uint8Array): Uint8Array =>
  message(0x01, 0, handle, parameter(0xa, '00000001 00000000 0000001e', bytes, roundRobin));
const value = (message: AsapMessage): unknown =>
  message.type === 'registration' && message.element.userTransport;
const addresses = ['192.0.2.1'];
const many = (count: number): Uint8Array[] => Array.from({ length: count }, () => ipv4);

const sctp = parameter(0x4, '04d20001', ipv4, ipv6);
const tcp = parameter(0x5, '00500000', ipv4);
const udp = parameter(0x6, '00500000', ipv4);
const udpLite = parameter(0x7, '00500000', ipv4);
const dccp = parameter(0x3, '00500000 41424344', ipv4);
const opaque = parameter(0x10, '0102030405');

// RFC 5354 sections 3.3 to 3.7 and 3.16.
const canonical: readonly (readonly [string, Uint8Array, Transport])[] = [
  [
    'SCTP',
    sctp,
    { protocol: 'sctp', port: 1234, use: 'data-control', addresses: ['192.0.2.1', '2001:db8::1'] },
  ],
  [
    'SCTP with 64 addresses',
    parameter(0x4, '04d20000', ...many(64)),
    { protocol: 'sctp', port: 1234, use: 'data', addresses: Array.from({ length: 64 }, () => '192.0.2.1') },
  ],
  ['TCP', tcp, { protocol: 'tcp', port: 80, use: 'data', addresses }],
  [
    'TCP with control',
    parameter(0x5, '00500001', ipv4),
    { protocol: 'tcp', port: 80, use: 'data-control', addresses },
  ],
  ['UDP', udp, { protocol: 'udp', port: 80, addresses }],
  ['UDP-Lite', udpLite, { protocol: 'udp-lite', port: 80, addresses }],
  ['DCCP', dccp, { protocol: 'dccp', port: 80, serviceCode: 0x41424344, addresses }],
  ['opaque', opaque, { protocol: 'opaque', data: Uint8Array.of(1, 2, 3, 4, 5) }],
  ['opaque without data', parameter(0x10), { protocol: 'opaque', data: new Uint8Array(0) }],
];

const single: readonly (readonly [string, Uint8Array])[] = [
  ['TCP', tcp],
  ['UDP', udp],
  ['UDP-Lite', udpLite],
  ['DCCP', dccp],
];

testParameter({
  name: 'Transport',
  carrier,
  decode: decodeAsap,
  value,
  accepts: [
    ...canonical,
    [
      'TCP with any reserved field',
      parameter(0x5, '0050fffe', ipv4),
      { protocol: 'tcp', port: 80, use: 'data', addresses },
    ],
    [
      'UDP with any reserved field',
      parameter(0x6, '0050ffff', ipv4),
      { protocol: 'udp', port: 80, addresses },
    ],
    [
      'DCCP with any reserved field',
      parameter(0x3, '0050ffff 00000001', ipv4),
      { protocol: 'dccp', port: 80, serviceCode: 1, addresses },
    ],
    [
      'unrecognized parameters around an address',
      parameter(0x4, '04d20000', parameter(0x80ff), ipv4, parameter(0x80ff, '01')),
      { protocol: 'sctp', port: 1234, use: 'data', addresses },
    ],
  ],
  rejects: [
    [
      'length 0',
      patched(sctp, 2, 0),
      parameter(0xa, '00000001 00000000 0000001e', patched(sctp, 2, 0), roundRobin).subarray(16),
      'got 0',
    ],
    ['SCTP of 4 bytes', parameter(0x4), parameter(0x4), '4 bytes are too few'],
    [
      'SCTP without addresses',
      parameter(0x4, '04d20000'),
      parameter(0x4, '04d20000'),
      'an IPv4 or IPv6 Address, got none',
    ],
    ['SCTP with 65 addresses', parameter(0x4, '04d20000', ...many(65)), new Uint8Array(0), 'at most 64', 6],
    [
      'SCTP use 2',
      parameter(0x4, '04d20002', ipv4),
      parameter(0x4, '04d20002', ipv4),
      'transport use 0 or 1, got 2',
    ],
    ['SCTP with a cookie', parameter(0x4, '04d20000', cookie), cookie, 'does not belong here'],
    ['SCTP in SCTP', parameter(0x4, '04d20000', sctp), sctp, 'does not belong here'],
    [
      'SCTP with 2 stray bytes',
      parameter(0x4, '04d20000', ipv4, '0000'),
      parameter(0x4, '04d20000', ipv4, '0000').subarray(0, 18),
      '2 stray bytes',
    ],
    [
      'DCCP cut in its service code',
      parameter(0x3, '00500000 4142'),
      parameter(0x3, '00500000 4142').subarray(0, 10),
      'too few',
    ],
    ...single.flatMap(([name, bytes]) => {
      const type = bytes[1] ?? 0;
      const fields = bytes.subarray(4, bytes.length - ipv4.length);
      return [
        [`${name} of 4 bytes`, parameter(type), parameter(type), 'too few'],
        [`${name} without an address`, parameter(type, fields), parameter(type, fields), 'got none'],
        [`${name} with two addresses`, parameter(type, fields, ipv4, ipv6), ipv6, 'expected one address'],
      ] as const;
    }),
  ],
});

describe('a transport', () => {
  test('encoded by itself is the transport that an element carries', () => {
    fc.assert(
      fc.property(transport(), (sent) => {
        const bytes = encodeTransport(sent);
        const padded = joined(bytes, new Uint8Array((4 - (bytes.length % 4)) % 4));
        const received = decodeAsap(carrier(padded));
        expect(received).toMatchObject({ ok: true, message: { element: { userTransport: sent } } });
      }),
    );
  });

  test.each(canonical)('%s encodes', (_, bytes, canonicalTransport) => {
    const encoded = encodeTransport(canonicalTransport);
    expect(hexText(encoded)).toBe(hexText(bytes.subarray(0, encoded.length)));
    expect(bytes.length - encoded.length).toBeLessThan(4);
  });

  test.each([
    ['SCTP without an address', { protocol: 'sctp', port: 1, use: 'data', addresses: [] }, 'address-count'],
    [
      'UDP with two addresses',
      { protocol: 'udp', port: 1, addresses: ['1.1.1.1', '1.1.1.2'] },
      'address-count',
    ],
    ['a port of 17 bits', { protocol: 'udp', port: 65_536, addresses }, 'bad-number'],
    ['a port with a fraction', { protocol: 'udp', port: 1.5, addresses }, 'bad-number'],
    ['too much opaque data', { protocol: 'opaque', data: new Uint8Array(65_532) }, 'too-long'],
  ] satisfies [string, Transport, string][])('%s is not encoded', (_, wrong, code) => {
    expect(() => encodeTransport(wrong)).toThrow(expect.objectContaining({ name: 'WireEncodeError', code }));
  });
});
