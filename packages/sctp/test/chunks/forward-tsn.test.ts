import { decodeForwardTsn, forwardTsnSizeBytes, writeForwardTsn } from '../../src/chunks/forward-tsn.ts';
import { testChunk } from '../support/chunk-table.ts';

testChunk({
  name: 'FORWARD TSN',
  decode: decodeForwardTsn,
  write: writeForwardTsn,
  sizeBytes: ({ streams }) => forwardTsnSizeBytes(streams.length),
  both: [
    ['no stream', 'c0000008 ffffffff', { newCumulativeTsn: 0xffff_ffff, streams: [] }],
    [
      'two streams',
      'c0000010 00000007 00010002 ffffffff',
      {
        newCumulativeTsn: 7,
        streams: [
          { streamId: 1, streamSequence: 2 },
          { streamId: 0xffff, streamSequence: 0xffff },
        ],
      },
    ],
  ],
  decoded: [['flags', 'c0ff0008 00000001', { newCumulativeTsn: 1, streams: [] }]],
  rejected: [
    ['nothing', 'c0000004', 'chunk-length', 'FORWARD TSN: expected a length of at least 8 at byte 12, got 4'],
    [
      'a stream that is cut',
      'c000000a 00000007 00010000',
      'chunk-length',
      'FORWARD TSN: expected 4 bytes for each stream from byte 20 on, got 2',
    ],
  ],
});
