import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAsap, encodeTransport, formatIpv6, WireEncodeError } from '../../src/index.ts';
import { ipv6Address } from '../arbitraries/parameters.ts';
import { joined, message, parameter, patched } from '../build.ts';
import { hexText } from '../hex.ts';
import { ipv4, ipv6 } from '../samples.ts';
import { testParameter } from './parameter-tables.ts';

const sctp = (...addresses: readonly Uint8Array[]): Uint8Array => parameter(0x4, '00010000', ...addresses);

// RFC 5354 sections 3.1 and 3.2.
testParameter({
  name: 'IPv4 Address',
  carrier: (address) => message(0x0a, 0, '00000001', sctp(address)),
  decode: decodeAsap,
  value: (announce) => announce.type === 'server-announce' && announce.transports[0]?.addresses,
  accepts: [
    ['an address', ipv4, ['192.0.2.1']],
    ['the lowest', parameter(0x1, '00000000'), ['0.0.0.0']],
    ['the highest', parameter(0x1, 'ffffffff'), ['255.255.255.255']],
  ],
  rejects: [
    ['length 0', patched(ipv4, 2, 0), patched(ipv4, 2, 0), 'got 0'],
    ['empty', parameter(0x1), parameter(0x1), '4 bytes are too few'],
    ['a byte short', patched(ipv4, 2, 7), patched(ipv4, 2, 7).subarray(0, 7), '7 bytes are too few'],
    ['a byte long', parameter(0x1, 'c0000201 05'), parameter(0x1, 'c0000201 05').subarray(0, 9), 'got 9'],
    [
      'longer than its transport',
      patched(ipv4, 2, 9),
      patched(ipv4, 2, 9),
      'expected a length of 4 to 8, got 9',
    ],
  ],
});

// RFC 5952 sections 4.1 to 4.3 and 5, each rule as its examples have it.
const texts: readonly (readonly [string, string, string])[] = [
  ['leading zeros', '20010db8 00000000 00000001 00000001', '2001:db8::1:0:1'],
  ['the first of two runs of equal length', '20010db8 00000000 00010000 00000001', '2001:db8::1:0:0:1'],
  ['the longer run', '20010000 00000001 00000000 00000001', '2001:0:0:1::1'],
  ['no run of one group', '20010db8 00000001 00010001 00010001', '2001:db8:0:1:1:1:1:1'],
  ['lower case', 'aaaabbbb ccccdddd eeeeffff 00010abc', 'aaaa:bbbb:cccc:dddd:eeee:ffff:1:abc'],
  ['a run at the start', '00000000 00000000 00000000 00000001', '::1'],
  ['a run at the end', '00010000 00000000 00000000 00000000', '1::'],
  ['all zero', '00000000 00000000 00000000 00000000', '::'],
  ['IPv4-mapped as IPv4', '00000000 00000000 0000ffff c0000201', '192.0.2.1'],
  ['IPv4-compatible in hexadecimal', '00000000 00000000 00000000 c0000201', '::c000:201'],
];

testParameter({
  name: 'IPv6 Address',
  carrier: (address) => message(0x0a, 0, '00000001', sctp(address)),
  decode: decodeAsap,
  value: (announce) => announce.type === 'server-announce' && announce.transports[0]?.addresses,
  accepts: texts.map(([name, bytes, text]) => [name, parameter(0x2, bytes), [text]] as const),
  rejects: [
    ['length 0', patched(ipv6, 2, 0), patched(ipv6, 2, 0), 'got 0'],
    ['a byte short', patched(ipv6, 2, 19), patched(ipv6, 2, 19).subarray(0, 19), '19 bytes are too few'],
    ['an IPv4 address', parameter(0x2, 'c0000201'), parameter(0x2, 'c0000201'), '8 bytes are too few'],
    ['a word long', parameter(0x2, ipv6), parameter(0x2, ipv6), 'expected 20 bytes, got 24'],
  ],
});

describe('an address as text', () => {
  const encoded = (address: string): string =>
    hexText(encodeTransport({ protocol: 'udp', port: 1, addresses: [address] }).subarray(8));

  test.each([
    ['192.0.2.1', ipv4],
    ['0.0.0.0', parameter(0x1, '00000000')],
    ['2001:db8::1', ipv6],
    ['2001:DB8:0:0:0:0:0:1', ipv6],
    ['2001:0db8:0000:0000:0000:0000:0000:0001', ipv6],
    ['::', parameter(0x2, '00000000 00000000 00000000 00000000')],
    ['::1', parameter(0x2, '00000000 00000000 00000000 00000001')],
    ['1::', parameter(0x2, '00010000 00000000 00000000 00000000')],
    ['1:2:3:4:5:6:7::', parameter(0x2, '00010002 00030004 00050006 00070000')],
    ['::ffff:192.0.2.1', ipv4],
    ['::ffff:c000:201', ipv4],
    ['64:ff9b::192.0.2.1', parameter(0x2, '0064ff9b 00000000 00000000 c0000201')],
    ['1:2:3:4:5:6:192.0.2.1', parameter(0x2, '00010002 00030004 00050006 c0000201')],
  ])('%s encodes', (address, bytes) => {
    expect(encoded(address)).toBe(hexText(bytes));
  });

  test.each([
    [
      '',
      '1',
      '1.2.3',
      '1.2.3.4.5',
      '1.2.3.256',
      '1.2.3.04',
      '1..2.3',
      '1.2.3.',
      '.1.2.3',
      '1.2.3.4 ',
      '0x1.2.3.4',
    ],
    [
      ':',
      ':::',
      '1:',
      ':1',
      '1:2',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7:8:',
      '::1::',
      '1:2:3:4:5:6:7:8::',
      '12345::',
    ],
    [
      'g::',
      'fe80::1%eth0',
      '[::1]',
      '1:2:3:4:5:6:7:192.0.2.1',
      '::192.0.2',
      '::192.0.2.1:1',
      '::1.2.3.4::',
      'host',
    ],
  ])('none of %s encodes', (...addresses) => {
    for (const address of addresses) {
      expect(() => encoded(address), address).toThrow(
        new WireEncodeError('bad-address', `expected an IP address, got '${address}'`),
      );
    }
  });

  test('any IPv6 address comes out as Node writes it', () => {
    fc.assert(
      fc.property(ipv6Address(), (address) => {
        const bytes = encodeTransport({ protocol: 'udp', port: 1, addresses: [address] }).subarray(12);
        const groups = Uint16Array.from({ length: 8 }, (_, index) =>
          Number(
            `0x${hexText(bytes)
              .replaceAll(' ', '')
              .slice(4 * index, 4 * index + 4)}`,
          ),
        );
        expect(formatIpv6(groups)).toBe(address);
      }),
    );
  });

  test('padding between addresses is none', () => {
    expect(
      hexText(
        encodeTransport({ protocol: 'sctp', port: 1, use: 'data', addresses: ['192.0.2.1', '2001:db8::1'] }),
      ),
    ).toBe(hexText(joined(sctp(ipv4, ipv6))));
  });
});
