import { describe, expect, test } from 'vitest';
import type { ErrorCause } from '../../src/causes/error-cause.ts';
import { decodeError, writeError } from '../../src/chunks/error.ts';
import type { MalformedChunkCode } from '../../src/chunks/malformed.ts';
import { maxErrorCauses } from '../../src/limits.ts';
import { encodeAddresses } from '../../src/parameters/addresses.ts';
import { joinParameters } from '../../src/parameters/parameter.ts';
import { hex, hexText } from '../support/hex.ts';
import { onChunk, opened, packetOf, written } from '../support/packets.ts';

/** An ERROR chunk with these causes; its length counts the last padding too. */
function errorBytes(causes: string): Uint8Array {
  return hex(`0900${(4 + hex(causes).length).toString(16).padStart(4, '0')} ${causes}`);
}

/** RFC 9260 section 3.3.10, cause by cause: sections 3.3.10.1 to 3.3.10.13; RFC 5061 sections 4.3.1 to 4.3.5; RFC 4895 section 4.1. */
const causes: readonly (readonly [string, ErrorCause])[] = [
  ['00010008 00050000', { code: 'invalid-stream-identifier', streamId: 5 }],
  ['0002000c 00000002 0007000c', { code: 'missing-mandatory-parameter', parameterTypes: [7, 12] }],
  ['0002000a 00000001 00070000', { code: 'missing-mandatory-parameter', parameterTypes: [7] }],
  ['00020008 00000000', { code: 'missing-mandatory-parameter', parameterTypes: [] }],
  ['00030008 fffffffe', { code: 'stale-cookie', stalenessUs: 0xffff_fffe }],
  ['00040004', { code: 'out-of-resource' }],
  ['0005000c 000b0005 61000000', { code: 'unresolvable-address', address: hex('000b0005 61000000') }],
  ['00060009 fe000005 61000000', { code: 'unrecognized-chunk-type', chunk: hex('fe000005 61') }],
  ['00070004', { code: 'invalid-mandatory-parameter' }],
  ['00080009 c0ff0005 61000000', { code: 'unrecognized-parameters', parameters: hex('c0ff0005 61') }],
  ['00090008 01020304', { code: 'no-user-data', tsn: 0x01020304 }],
  ['000a0004', { code: 'cookie-received-while-shutting-down' }],
  [
    '000b000c 00050008 0a000001',
    { code: 'restart-with-new-addresses', addresses: encodeAddresses(['10.0.0.1']) },
  ],
  ['000c0007 62796500', { code: 'user-initiated-abort', reason: hex('627965') }],
  ['000d0004', { code: 'protocol-violation', info: new Uint8Array(0) }],
  ['000d0006 abcd0000', { code: 'protocol-violation', info: hex('abcd') }],
  [
    '00a00014 c0020010 01023476 00050008 c0000201',
    {
      code: 'request-to-delete-last-remaining-ip-address',
      request: hex('c0020010 01023476 00050008 c0000201'),
    },
  ],
  [
    '00a10014 c0010010 01023474 00050008 c0000201',
    {
      code: 'operation-refused-due-to-resource-shortage',
      request: hex('c0010010 01023474 00050008 c0000201'),
    },
  ],
  [
    '00a20014 c0020010 01023476 00050008 c0000201',
    { code: 'request-to-delete-source-ip-address', request: hex('c0020010 01023476 00050008 c0000201') },
  ],
  ['00a30004', { code: 'association-aborted-due-to-illegal-asconf-ack' }],
  ['00a40004', { code: 'request-refused-no-authorization', request: new Uint8Array(0) }],
  ['01050006 00020000', { code: 'unsupported-hmac-identifier', hmacId: 2 }],
  ['00000004', { code: 'unknown', number: 0, info: new Uint8Array(0) }],
  ['000e0006 abcd0000', { code: 'unknown', number: 14, info: hex('abcd') }],
  ['ffff0004', { code: 'unknown', number: 0xffff, info: new Uint8Array(0) }],
];

describe('error causes', () => {
  test.each(causes)('%s', (bytes, cause) => {
    const chunk = errorBytes(bytes);
    expect(decodeError(onChunk(chunk))).toEqual({ causes: [cause] });
    const content = written((writer) => writeError(writer, { causes: [cause] }));
    expect(hexText(content.subarray(4))).toBe(hexText(chunk.subarray(4)));
  });

  test('all one after the other', () => {
    const chunk = errorBytes(causes.map(([bytes]) => bytes).join(''));
    expect(decodeError(onChunk(chunk)).causes).toEqual(causes.map(([, cause]) => cause));
  });

  test('reserved bytes count for nothing', () => {
    const cause = { code: 'invalid-stream-identifier', streamId: 5 };
    expect(decodeError(onChunk(errorBytes('00010008 0005ffff'))).causes).toEqual([cause]);
  });

  test('an odd number of missing parameters with their padding counted', () => {
    const cause = { code: 'missing-mandatory-parameter', parameterTypes: [7] };
    expect(decodeError(onChunk(errorBytes('0002000c 00000001 00070000'))).causes).toEqual([cause]);
  });

  test('those above the limit are left out', () => {
    const many = decodeError(onChunk(errorBytes('00040004'.repeat(maxErrorCauses + 10)))).causes;
    expect(many).toHaveLength(maxErrorCauses);
  });

  test('they outlive their packet, even where that is a Buffer', () => {
    const packet = Buffer.from(packetOf(errorBytes('000c0007 62796500')));
    const reader = opened(packet);
    reader.next();
    const chunk = decodeError(reader);
    packet.fill(0);
    expect(chunk.causes).toEqual([{ code: 'user-initiated-abort', reason: hex('627965') }]);
  });

  test('unrecognized parameters are joined with padding between them', () => {
    const joined = joinParameters([hex('c0ff0005 61'), hex('c0fe0004'), hex('40770006 6162')]);
    expect(hexText(joined)).toBe('c0ff0005 61000000 c0fe0004 40770006 6162');
    expect(joinParameters([])).toEqual(new Uint8Array(0));
  });
});

describe('an error cause is malformed', () => {
  const rows: readonly (readonly [string, string, MalformedChunkCode, string])[] = [
    [
      'no stream',
      '00010004',
      'parameter-length',
      'ERROR: parameter 0x1 at byte 16: expected 4 bytes of value, got 0',
    ],
    ['a stream without the reserved bytes', '00010006 00050000', 'parameter-length', 'got 2'],
    [
      'no count of missing parameters',
      '00020006 00000000',
      'parameter-length',
      'expected at least 4 bytes of value, got 2',
    ],
    [
      'fewer missing parameters than counted',
      '0002000a 00000002 00070000',
      'parameter-length',
      'expected at least 8 bytes of value, got 6',
    ],
    [
      'the highest count',
      '0002000a ffffffff 00070000',
      'parameter-length',
      'expected at least 8589934594 bytes of value, got 6',
    ],
    [
      'half a missing parameter',
      '0002000b 00000001 00070000',
      'parameter-length',
      'expected a list of 2 bytes each, got 3',
    ],
    ['staleness that is cut', '00030007 00000000', 'parameter-length', 'expected 4 bytes of value, got 3'],
    [
      'out of resource with something',
      '00040008 00000000',
      'parameter-length',
      'expected 0 bytes of value, got 4',
    ],
    [
      'invalid mandatory parameter with something',
      '00070005 00000000',
      'parameter-length',
      'expected 0 bytes of value, got 1',
    ],
    ['no TSN', '00090004', 'parameter-length', 'expected 4 bytes of value, got 0'],
    ['more than a TSN', '0009000c 00000001 00000002', 'parameter-length', 'expected 4 bytes of value, got 8'],
    [
      'cookie while shutting down with something',
      '000a0008 00000000',
      'parameter-length',
      'expected 0 bytes of value, got 4',
    ],
    ['an unknown one of length 3', 'ffff0003', 'parameter-length', 'expected a length of 4 to 4, got 3'],
  ];
  test.each(rows)('%s', (_, bytes, code, text) => {
    expect(() => decodeError(onChunk(errorBytes(bytes)))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(text) as string }),
    );
  });
});
