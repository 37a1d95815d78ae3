import { abortSizeBytes, decodeAbort, writeAbort } from '../../src/chunks/abort.ts';
import { testChunk } from '../support/chunk-table.ts';
import { hex } from '../support/hex.ts';

testChunk({
  name: 'ABORT',
  decode: decodeAbort,
  write: writeAbort,
  sizeBytes: abortSizeBytes,
  both: [
    ['no cause', '06000004', { tagIsReflected: false, causes: [] }],
    ['a reflected tag', '06010004', { tagIsReflected: true, causes: [] }],
    [
      'causes',
      '06000011 00040004 000c0009 6f766572 21000000',
      {
        tagIsReflected: false,
        causes: [{ code: 'out-of-resource' }, { code: 'user-initiated-abort', reason: hex('6f76657221') }],
      },
    ],
  ],
  decoded: [
    ['reserved flags', '06fe0004', { tagIsReflected: false, causes: [] }],
    [
      'a length that counts the padding',
      '0600000c 000d0005 21000000',
      { tagIsReflected: false, causes: [{ code: 'protocol-violation', info: hex('21') }] },
    ],
  ],
  rejected: [
    [
      'a cause that is cut',
      '06000006 00040000',
      'parameter-length',
      'ABORT: expected a parameter at byte 16, got 2 stray bytes',
    ],
    [
      'a cause of length 3',
      '06000008 00040003',
      'parameter-length',
      'ABORT: parameter 0x4 at byte 16: expected a length of 4 to 4, got 3',
    ],
    ['a cause beyond the chunk', '06000008 000c0010', 'parameter-length', 'got 16'],
  ],
});
