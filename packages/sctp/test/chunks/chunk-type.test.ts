import { expect, test } from 'vitest';
import { ChunkType, chunkName, unknownChunkAction } from '../../src/chunks/chunk-type.ts';

test.each([
  [0x3f, true, false],
  [0x7f, true, true],
  [0xbf, false, false],
  [0xff, false, true],
  [16, true, false],
  [64, true, true],
  [128, false, false],
  [193, false, true],
])('chunk type %i of unknown kind: stop %s, report %s (RFC 9260 section 3.2)', (type, stop, report) => {
  expect(unknownChunkAction(type)).toEqual({ stop, report });
});

test('chunks have the names of the RFCs', () => {
  expect(Object.values(ChunkType).map(chunkName).join(', ')).toBe(
    'DATA, INIT, INIT ACK, SACK, HEARTBEAT, HEARTBEAT ACK, ABORT, SHUTDOWN, SHUTDOWN ACK, ERROR, COOKIE ECHO, COOKIE ACK, ECNE, CWR, ' +
      'SHUTDOWN COMPLETE, AUTH, ASCONF ACK, RE CONFIG, PAD, FORWARD TSN, ASCONF',
  );
  expect(chunkName(99)).toBe('chunk 99');
});
