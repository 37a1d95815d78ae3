import { decodeError, errorSizeBytes, writeError } from '../../src/chunks/error.ts';
import { testChunk } from '../support/chunk-table.ts';
import { hex } from '../support/hex.ts';

testChunk({
  name: 'ERROR',
  decode: decodeError,
  write: writeError,
  sizeBytes: errorSizeBytes,
  both: [
    [
      'a cause',
      '0900000c 00010008 00050000',
      { causes: [{ code: 'invalid-stream-identifier', streamId: 5 }] },
    ],
    [
      'two causes with padding',
      '09000014 00060009 fe000005 61000000 00080004',
      {
        causes: [
          { code: 'unrecognized-chunk-type', chunk: hex('fe000005 61') },
          { code: 'unrecognized-parameters', parameters: new Uint8Array(0) },
        ],
      },
    ],
  ],
  decoded: [
    ['no cause', '09000004', { causes: [] }],
    ['flags', '09ff0008 000a0004', { causes: [{ code: 'cookie-received-while-shutting-down' }] }],
  ],
  rejected: [
    [
      'a stray byte',
      '09000009 000a0004 00',
      'parameter-length',
      'ERROR: expected a parameter at byte 20, got 1 stray bytes',
    ],
    ['a cause of length 0', '09000008 00010000', 'parameter-length', 'got 0'],
  ],
});
