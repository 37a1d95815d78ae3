import { decodeReConfig, reConfigSizeBytes, writeReConfig } from '../../src/chunks/re-config.ts';
import { testChunk } from '../support/chunk-table.ts';

testChunk({
  name: 'RE-CONFIG',
  decode: decodeReConfig,
  write: writeReConfig,
  sizeBytes: reConfigSizeBytes,
  both: [
    [
      'resets of outgoing and incoming streams',
      '82000022 000d0012 00000001 00000002 00000003 00050000 000e000a 00000004 00060000',
      {
        parameters: [
          {
            kind: 'outgoing-ssn-reset',
            requestSequence: 1,
            responseSequence: 2,
            lastAssignedTsn: 3,
            streamIds: [5],
          },
          { kind: 'incoming-ssn-reset', requestSequence: 4, streamIds: [6] },
        ],
      },
    ],
    [
      'a reset of all streams',
      '82000014 000d0010 00000001 00000002 ffffffff',
      {
        parameters: [
          {
            kind: 'outgoing-ssn-reset',
            requestSequence: 1,
            responseSequence: 2,
            lastAssignedTsn: 0xffff_ffff,
            streamIds: [],
          },
        ],
      },
    ],
    [
      'a reset of everything',
      '8200000c 000f0008 00000001',
      { parameters: [{ kind: 'ssn-tsn-reset', requestSequence: 1 }] },
    ],
    [
      'an answer',
      '82000010 0010000c 00000001 00000006',
      { parameters: [{ kind: 'response', responseSequence: 1, result: 6 }] },
    ],
    [
      'an answer with TSNs',
      '82000018 00100014 00000001 00000001 00000007 00000008',
      {
        parameters: [
          { kind: 'response', responseSequence: 1, result: 1, nextTsns: { senders: 7, receivers: 8 } },
        ],
      },
    ],
    [
      'more streams both ways',
      '8200001c 0011000c 00000001 00050000 0012000c 00000002 00060000',
      {
        parameters: [
          { kind: 'add-outgoing-streams', requestSequence: 1, newStreams: 5 },
          { kind: 'add-incoming-streams', requestSequence: 2, newStreams: 6 },
        ],
      },
    ],
  ],
  decoded: [
    [
      'an unknown parameter to skip',
      '82000010 c0ff0004 000f0008 00000001',
      { parameters: [{ kind: 'ssn-tsn-reset', requestSequence: 1 }] },
    ],
    [
      'one to stop at',
      '82000014 000f0008 00000001 40ff0004 000f0003',
      { parameters: [{ kind: 'ssn-tsn-reset', requestSequence: 1 }] },
    ],
    [
      'reserved fields',
      '82ff0010 0011000c 00000001 0005ffff',
      { parameters: [{ kind: 'add-outgoing-streams', requestSequence: 1, newStreams: 5 }] },
    ],
  ],
  rejected: [
    ['nothing', '82000004', 'parameter-missing', 'RE CONFIG: expected a parameter at byte 16, got none'],
    ['nothing that we know', '82000008 00050004', 'parameter-missing', 'expected a parameter'],
    [
      'three parameters',
      `8200001c ${'000f0008 00000001'.repeat(3)}`,
      'parameter-repeated',
      'expected at most 2 parameters, got more',
    ],
    [
      'an outgoing reset that is cut',
      '82000013 000d000f 00000001 00000002 000003',
      'parameter-length',
      'expected at least 12 bytes of value, got 11',
    ],
    [
      'half a stream',
      '82000015 000d0011 00000001 00000002 00000003 00000000',
      'parameter-length',
      'expected a list of 2 bytes each, got 1',
    ],
    [
      'an incoming reset that is cut',
      '8200000b 000e0007 00000000',
      'parameter-length',
      'expected at least 4 bytes of value, got 3',
    ],
    [
      'half a stream there',
      '8200000d 000e0009 00000000 00000000',
      'parameter-length',
      'expected a list of 2 bytes each, got 1',
    ],
    [
      'an SSN/TSN reset that is too long',
      '82000010 000f000c 00000001 00000002',
      'parameter-length',
      'expected 4 bytes of value, got 8',
    ],
    [
      'an answer that is cut',
      '8200000c 00100008 00000001',
      'parameter-length',
      'expected 8 bytes of value, got 4',
    ],
    [
      'an answer with one TSN',
      '82000014 00100010 00000001 00000001 00000007',
      'parameter-length',
      'expected 16 bytes of value, got 12',
    ],
    [
      'an answer that is too long',
      '8200001c 00100018 00000001 00000001 00000007 00000008 00000009',
      'parameter-length',
      'expected 16 bytes of value, got 20',
    ],
    [
      'more streams, cut',
      '8200000e 0011000a 00000001 00050000',
      'parameter-length',
      'expected 8 bytes of value, got 6',
    ],
    [
      'more streams, too long',
      '82000014 00120010 00000001 00050000 00000000',
      'parameter-length',
      'expected 8 bytes of value, got 12',
    ],
  ],
});
