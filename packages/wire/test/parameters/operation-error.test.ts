import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAsap, encodeAsap } from '../../src/index.ts';
import { byteString } from '../arbitraries/parameters.ts';
import { message, parameter, patched } from '../build.ts';
import { operationError } from '../samples.ts';
import { testParameter } from './parameter-tables.ts';

const none = new Uint8Array(0);

// RFC 5354 section 3.12.
testParameter({
  name: 'Operation Error',
  carrier: (error) => message(0x0e, 0, error),
  decode: decodeAsap,
  value: (message) => message.type === 'error' && message.causes,
  reported: false,
  accepts: [
    ['with a cause', operationError, [{ code: 10, data: none }]],
    [
      'with two causes and padding between',
      parameter(0xc, parameter(1, 'c0ff0005 01'), parameter(9)),
      [
        { code: 1, data: Uint8Array.of(0xc0, 0xff, 0, 5, 1) },
        { code: 9, data: none },
      ],
    ],
    [
      'with an unknown cause',
      parameter(0xc, parameter(0xfffe, '01020304')),
      [{ code: 0xfffe, data: Uint8Array.of(1, 2, 3, 4) }],
    ],
    ['with 0xf002 as cause 4', parameter(0xc, parameter(0xf002)), [{ code: 4, data: none }]],
    ['with 0x100a as cause 7', parameter(0xc, parameter(0x100a)), [{ code: 7, data: none }]],
  ],
  rejects: [
    ['of length 0', patched(operationError, 2, 0), patched(operationError, 2, 0), 'got 0'],
    ['without a cause', parameter(0xc), parameter(0xc), 'an error cause, got none'],
    ['with a cause of length 3', parameter(0xc, '00010003'), patched(parameter(1), 2, 3), 'got 3'],
    ['with a cause that is too long', parameter(0xc, '00010005'), patched(parameter(1), 2, 5), 'got 5'],
    [
      'with stray bytes',
      parameter(0xc, parameter(9), '0001'),
      parameter(0xc, parameter(9), '0001').subarray(0, 10),
      '2 stray bytes',
    ],
  ],
});

describe('an error message', () => {
  test('without a cause is not encoded', () => {
    expect(() => encodeAsap({ type: 'error', causes: [] }, 'rfc')).toThrow(
      expect.objectContaining({ code: 'no-cause' }),
    );
  });

  test.each([
    ['rfc', 4, '0004', 8],
    ['rfc', 5, '0005', 12],
    ['rfc', 7, '0007', 12],
    ['rsplib', 4, 'f002', 8],
    ['rsplib', 5, '0005', 4],
    ['rsplib', 7, '100a', 4],
    ['rsplib', 3, '0003', 8],
  ] as const)('under profile %s sends cause %d as %s of %d bytes', (profile, code, sent, sizeBytes) => {
    const data = new Uint8Array(code === 5 || code === 7 ? 8 : 4);
    const bytes = encodeAsap({ type: 'error', causes: [{ code, data }] }, profile);
    expect(Buffer.from(bytes.subarray(8, 10)).toString('hex')).toBe(sent);
    expect(bytes.length).toBe(8 + sizeBytes);
  });

  test('carries any data, of any code that is no private one', () => {
    const causes = fc.array(fc.record({ code: fc.nat({ max: 0xff }), data: byteString(20) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(causes, (sent) => {
        const received = decodeAsap(encodeAsap({ type: 'error', causes: sent }, 'rfc'));
        expect(received).toMatchObject({ ok: true, message: { causes: sent } });
      }),
    );
  });
});
