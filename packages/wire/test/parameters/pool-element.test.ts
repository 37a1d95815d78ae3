import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAsap, encodeAsap, poolElementSizeBytes } from '../../src/index.ts';
import type { PoolElementParameter, Profile } from '../../src/index.ts';
import { poolElement } from '../arbitraries/parameters.ts';
import { message, parameter, patched } from '../build.ts';
import {
  decodedElement,
  decodedHandle,
  element,
  elementId,
  handle,
  ipv4,
  roundRobin,
  sctp,
  udp,
} from '../samples.ts';
import { testParameter } from './parameter-tables.ts';

const fields = '00000001 00000002 0000001e';
const tcp = parameter(0x5, '0f170001', ipv4);

testParameter({
  name: 'Pool Element',
  carrier: (pool) => message(0x01, 0, handle, pool),
  decode: decodeAsap,
  value: (message) => message.type === 'registration' && message.element,
  accepts: [
    ['without an ASAP transport', element, decodedElement],
    [
      'with an SCTP ASAP transport',
      parameter(0xa, fields, udp, roundRobin, sctp),
      {
        ...decodedElement,
        userTransport: { protocol: 'udp', port: 1234, addresses: ['192.0.2.1'] },
        asapTransport: { protocol: 'sctp', port: 1234, use: 'data', addresses: ['192.0.2.1'] },
      },
    ],
    [
      'with a TCP ASAP transport',
      parameter(0xa, fields, sctp, roundRobin, tcp),
      {
        ...decodedElement,
        asapTransport: { protocol: 'tcp', port: 3863, use: 'data-control', addresses: ['192.0.2.1'] },
      },
    ],
    ['with the policy first', parameter(0xa, fields, roundRobin, sctp), decodedElement],
    [
      'with unrecognized parameters to skip',
      parameter(0xa, fields, parameter(0x80ff), sctp, parameter(0x8abc, '01'), roundRobin, parameter(0x80ff)),
      decodedElement,
    ],
  ],
  rejects: [
    ['of length 0', patched(element, 2, 0), patched(element, 2, 0), 'got 0'],
    [
      'cut in its fields',
      parameter(0xa, '00000001 00000002'),
      parameter(0xa, '00000001 00000002'),
      'too few',
    ],
    [
      'without a user transport',
      parameter(0xa, fields, roundRobin),
      parameter(0xa, fields, roundRobin),
      'a user transport',
    ],
    [
      'without a policy',
      parameter(0xa, fields, sctp),
      parameter(0xa, fields, sctp),
      'a Pool Member Selection Policy',
    ],
    ['with two policies', parameter(0xa, fields, sctp, roundRobin, roundRobin), roundRobin, 'again'],
    ['with three transports', parameter(0xa, fields, udp, roundRobin, sctp, tcp), tcp, 'again'],
    ['with a UDP ASAP transport', parameter(0xa, fields, sctp, roundRobin, udp), udp, 'does not belong'],
    [
      'with a PE Identifier',
      parameter(0xa, fields, sctp, roundRobin, elementId),
      elementId,
      'does not belong',
    ],
    ['with an element', parameter(0xa, fields, sctp, roundRobin, element), element, 'does not belong'],
    ['with a bare address', parameter(0xa, fields, ipv4, roundRobin), ipv4, 'does not belong'],
    [
      'with a life of -2 seconds',
      parameter(0xa, '00000001 00000002 fffffffe', sctp, roundRobin),
      parameter(0xa, '00000001 00000002 fffffffe', sctp, roundRobin),
      'got -2',
    ],
  ],
});

describe('a registration life', () => {
  // RFC 5354 section 3.10: seconds, signed, -1 infinite. RSPLIB: milliseconds, unsigned.
  test.each<[Profile, string, number]>([
    ['rfc', '00000000', 0],
    ['rfc', '0000001e', 30_000],
    ['rfc', '7fffffff', 2_147_483_647_000],
    ['rfc', 'ffffffff', Infinity],
    ['rsplib', '0000001e', 30],
    ['rsplib', '80000000', 2_147_483_648],
    ['rsplib', 'fffffffe', 4_294_967_294],
    ['rsplib', 'ffffffff', Infinity],
  ])('under profile %s of %s is %d ms', (profile, life, registrationLifeMs) => {
    const bytes = message(0x01, 0, handle, parameter(0xa, '00000001 00000002', life, sctp, roundRobin));
    const result = decodeAsap(bytes, { profile });
    expect(result).toMatchObject({ ok: true, message: { element: { registrationLifeMs } } });
    if (result.ok) expect(encodeAsap(result.message, profile)).toEqual(bytes);
  });

  test.each<[Profile, number, number]>([
    ['rfc', 1, 1000],
    ['rfc', 1500, 2000],
    ['rfc', 1e15, 2_147_483_647_000],
    ['rsplib', 0.5, 1],
    ['rsplib', 1e15, 4_294_967_294],
  ])('under profile %s of %d ms is sent as %d ms', (profile, lifeMs, registrationLifeMs) => {
    const sent = { ...decodedElement, registrationLifeMs: lifeMs };
    const bytes = encodeAsap({ type: 'registration', poolHandle: decodedHandle, element: sent }, profile);
    expect(decodeAsap(bytes, { profile })).toMatchObject({
      ok: true,
      message: { element: { registrationLifeMs } },
    });
  });

  test.each([-1, NaN, -Infinity])('of %d ms is not sent', (registrationLifeMs) => {
    const sent: PoolElementParameter = { ...decodedElement, registrationLifeMs };
    for (const profile of ['rfc', 'rsplib'] as const) {
      expect(() =>
        poolElementSizeBytes({ ...sent, registrationLifeMs: registrationLifeMs * 1000 }, profile),
      ).toThrow(expect.objectContaining({ code: 'bad-number' }));
    }
  });
});

test('the size of an element is what it adds to a message', () => {
  fc.assert(
    fc.property(poolElement('rfc'), (sized) => {
      const card = { type: 'business-card', poolHandle: decodedHandle, elements: [sized] } as const;
      const emptyBytes = 4 + 12;
      expect(poolElementSizeBytes(sized, 'rfc')).toBe(encodeAsap(card, 'rfc').length - emptyBytes);
    }),
  );
});
