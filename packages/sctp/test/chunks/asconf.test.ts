import { expect, test } from 'vitest';
import { asconfAckSizeBytes, decodeAsconfAck, writeAsconfAck } from '../../src/chunks/asconf-ack.ts';
import { asconfSizeBytes, decodeAsconf, writeAsconf } from '../../src/chunks/asconf.ts';
import { maxAsconfParameters, maxReportedParameters } from '../../src/limits.ts';
import { testChunk } from '../support/chunk-table.ts';
import { hex } from '../support/hex.ts';
import { onChunk } from '../support/packets.ts';

testChunk({
  name: 'ASCONF',
  decode: decodeAsconf,
  write: writeAsconf,
  sizeBytes: asconfSizeBytes,
  both: [
    ['no request', 'c1000010 00000001 00050008 0a000001', { sequence: 1, address: '10.0.0.1', requests: [] }],
    [
      // The parameters are the examples of RFC 5061 sections 4.2.1, 4.2.2 and 4.2.4.
      'requests',
      `c100004c ffffffff 00060014 20010db8 00000000 00000000 00000001
       c0010010 01023474 00050008 c0000201
       c0020010 01023476 00050008 c0000201
       c0040010 01023479 00050008 c0000201`,
      {
        sequence: 0xffff_ffff,
        address: '2001:db8::1',
        requests: [
          { kind: 'add-address', correlationId: 0x01023474, address: '192.0.2.1' },
          { kind: 'delete-address', correlationId: 0x01023476, address: '192.0.2.1' },
          { kind: 'set-primary-address', correlationId: 0x01023479, address: '192.0.2.1' },
        ],
      },
    ],
    [
      'an IPv6 address',
      'c100002c 00000001 00050008 00000000 c001001c 00000007 00060014 00000000 00000000 00000000 00000000',
      {
        sequence: 1,
        address: '0.0.0.0',
        requests: [{ kind: 'add-address', correlationId: 7, address: '::' }],
      },
    ],
  ],
  decoded: [
    [
      'unknown parameters to skip and to stop at, of which two are reported',
      'c1000020 00000001 00050008 0a000001 80770004 c0770004 40770004 c001000b',
      { sequence: 1, address: '10.0.0.1', requests: [], unrecognized: [hex('c0770004'), hex('40770004')] },
    ],
  ],
  rejected: [
    ['nothing', 'c1000004', 'chunk-length', 'ASCONF: expected a length of at least 8 at byte 12, got 4'],
    [
      'no address',
      'c1000008 00000001',
      'parameter-missing',
      'ASCONF: expected an address at byte 20, got none',
    ],
    [
      'something else for the address',
      'c1000010 00000001 000b0008 61000000',
      'field-value',
      'ASCONF: parameter 0xb at byte 20: expected an IPv4 or IPv6 Address',
    ],
    [
      'an address that is cut',
      'c100000f 00000001 00050007 0a000000',
      'parameter-length',
      'expected 4 bytes of value, got 3',
    ],
    [
      'a request without an address',
      'c1000018 00000001 00050008 0a000001 c0010008 00000001',
      'parameter-length',
      'parameter 0xc001 at byte 28: expected at least 8 bytes of value, got 4',
    ],
    [
      'a request with something else',
      'c100001c 00000001 00050008 0a000001 c001000c 00000001 00070004',
      'field-value',
      'parameter 0x7 at byte 36: expected an IPv4 or IPv6 Address',
    ],
    [
      'a request whose address is beyond it',
      'c1000020 00000001 00050008 0a000001 c001000c 00000001 00050008 0a000002',
      'parameter-length',
      'parameter 0x5 at byte 36: expected a length of 4 to 4, got 8',
    ],
    [
      'a request with two addresses',
      'c1000028 00000001 00050008 0a000001 c0010018 00000001 00050008 0a000002 00050008 0a000003',
      'parameter-repeated',
      'expected one address, got more',
    ],
  ],
});

testChunk({
  name: 'ASCONF-ACK',
  decode: decodeAsconfAck,
  write: writeAsconfAck,
  sizeBytes: asconfAckSizeBytes,
  both: [
    ['all succeeded', '80000008 00000001', { sequence: 1, responses: [] }],
    [
      // The second is the example of RFC 5061 section 4.3.1.
      'responses',
      `8000002c 00000001 c0050008 00000007
       c003001c 01023476 00a00014 c0020010 01023476 00050008 c0000201`,
      {
        sequence: 1,
        responses: [
          { kind: 'success', correlationId: 7 },
          {
            kind: 'error',
            correlationId: 0x01023476,
            causes: [
              {
                code: 'request-to-delete-last-remaining-ip-address',
                request: hex('c0020010 01023476 00050008 c0000201'),
              },
            ],
          },
        ],
      },
    ],
    [
      'an error without cause',
      '80000010 00000001 c0030008 00000002',
      { sequence: 1, responses: [{ kind: 'error', correlationId: 2, causes: [] }] },
    ],
  ],
  decoded: [
    [
      'unknown parameters to skip and to stop at',
      '80000018 00000001 c0770004 c0050008 00000007 00770004',
      { sequence: 1, responses: [{ kind: 'success', correlationId: 7 }] },
    ],
  ],
  rejected: [
    ['nothing', '80000004', 'chunk-length', 'ASCONF ACK: expected a length of at least 8 at byte 12, got 4'],
    [
      'a success that is too long',
      '80000014 00000001 c005000c 00000007 00000000',
      'parameter-length',
      'expected 4 bytes of value, got 8',
    ],
    [
      'an error that is cut',
      '8000000f 00000001 c0030007 00000700',
      'parameter-length',
      'expected at least 4 bytes of value, got 3',
    ],
    [
      'a cause beyond its error',
      '8000001c 00000001 c003000c 00000007 000c0008 00000000 c0050004',
      'parameter-length',
      'parameter 0xc at byte 28: expected a length of 4 to 4, got 8',
    ],
  ],
});

test('requests, reports and responses above the limits are left out', () => {
  const request = 'c0010010 00000001 00050008 c0000201';
  const lengthBytes = 16 + 16 * (maxAsconfParameters + 1);
  const many = `c100${lengthBytes.toString(16).padStart(4, '0')} 00000001 00050008 0a000001 ${request.repeat(maxAsconfParameters + 1)}`;
  expect(decodeAsconf(onChunk(hex(many))).requests).toHaveLength(maxAsconfParameters);

  const unknown = `c100${(16 + 4 * 100).toString(16).padStart(4, '0')} 00000001 00050008 0a000001 ${'c0770004'.repeat(100)}`;
  expect(decodeAsconf(onChunk(hex(unknown))).unrecognized).toHaveLength(maxReportedParameters);

  const acks = `8000${(8 + 8 * 100).toString(16).padStart(4, '0')} 00000001 ${'c0050008 00000001'.repeat(100)}`;
  expect(decodeAsconfAck(onChunk(hex(acks))).responses).toHaveLength(maxAsconfParameters);
});
