import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIpv4, parseIpv6 } from '../../src/parameters/address-text.ts';
import { addressParameter, encodeAddresses } from '../../src/parameters/addresses.ts';
import { ipv6Text } from '../support/arbitraries.ts';
import { hex, hexText } from '../support/hex.ts';

describe('address parameters (RFC 9260 sections 3.3.2.1.1 and 3.3.2.1.2)', () => {
  test.each([
    ['192.0.2.1', '00050008 c0000201'],
    ['255.255.255.255', '00050008 ffffffff'],
    ['::', '00060014 00000000 00000000 00000000 00000000'],
    ['2001:DB8::0001', '00060014 20010db8 00000000 00000000 00000001'],
    ['1:2:3:4:5:6:192.0.2.1', '00060014 00010002 00030004 00050006 c0000201'],
  ])('%s', (address, bytes) => {
    expect(encodeAddresses([address])).toEqual(hex(bytes));
  });

  test('one after the other', () => {
    expect(hexText(encodeAddresses(['10.0.0.1', '::1', '10.0.0.2']))).toBe(
      '00050008 0a000001 00060014 00000000 00000000 00000000 00000001 00050008 0a000002',
    );
  });
});

describe('address texts', () => {
  const near = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    ipv6Text(),
    fc.string({
      unit: fc.constantFrom('0', '1', '9', 'f', 'g', ':', '::', '.', '25', '256', '10.0.0.1'),
      maxLength: 12,
    }),
  );

  test('are those that Node takes', () => {
    const groups = new Uint16Array(8);
    fc.assert(
      fc.property(near, (text) => {
        expect([parseIpv4(text) >= 0, parseIpv6(text, groups)], text).toEqual([isIPv4(text), isIPv6(text)]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('anything else is refused', () => {
    fc.assert(
      fc.property(
        near.filter((text) => !isIPv4(text) && !isIPv6(text)),
        (text) => {
          expect(() => addressParameter(text)).toThrow(RangeError);
        },
      ),
    );
  });
});
