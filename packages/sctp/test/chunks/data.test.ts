import { expect, test } from 'vitest';
import { dataSizeBytes, decodeData, writeData, type DataChunk } from '../../src/chunks/data.ts';
import { testChunk } from '../support/chunk-table.ts';
import { hex } from '../support/hex.ts';
import { onChunk } from '../support/packets.ts';

const whole: DataChunk = {
  tsn: 0x01020304,
  streamId: 5,
  streamSequence: 6,
  payloadProtocolId: 11,
  userData: hex('41'),
  beginning: true,
  ending: true,
  unordered: false,
  immediate: false,
};
const fields = '01020304 00050006 0000000b';

// RFC 9260 section 3.3.1
testChunk({
  name: 'DATA',
  decode: decodeData,
  write: writeData,
  sizeBytes: ({ userData }) => dataSizeBytes(userData.length),
  both: [
    ['a whole message of one byte', `00030011 ${fields} 41000000`, whole],
    [
      'a first fragment',
      `00020014 ${fields} 41424344`,
      { ...whole, ending: false, userData: hex('41424344') },
    ],
    [
      'a middle fragment, unordered',
      `00040013 ${fields} 41424300`,
      { ...whole, beginning: false, ending: false, unordered: true, userData: hex('414243') },
    ],
    [
      'a last fragment, to be acknowledged at once',
      `00090012 ${fields} 41420000`,
      { ...whole, beginning: false, immediate: true, userData: hex('4142') },
    ],
    [
      'the highest numbers',
      '000f0011 ffffffff ffffffff ffffffff ff000000',
      {
        tsn: 0xffff_ffff,
        streamId: 0xffff,
        streamSequence: 0xffff,
        payloadProtocolId: 0xffff_ffff,
        userData: hex('ff'),
        beginning: true,
        ending: true,
        unordered: true,
        immediate: true,
      },
    ],
  ],
  decoded: [
    ['reserved flags', `00f30011 ${fields} 41000000`, whole],
    ['no padding', `00030011 ${fields} 41`, whole],
  ],
  rejected: [
    ['no user data', `00030010 ${fields}`, 'no-user-data', 'DATA: expected user data at byte 28, got none'],
    [
      'no PPID',
      '0003000c 01020304 00050006',
      'chunk-length',
      'DATA: expected a length of at least 16 at byte 12, got 12',
    ],
    ['a PPID that is cut', `0003000f ${fields}`, 'chunk-length', 'got 15'],
    ['nothing', '00030004', 'chunk-length', 'got 4'],
  ],
});

test('DATA without user data tells its TSN, for the error cause', () => {
  expect(() => decodeData(onChunk(hex(`00030010 ${fields}`)))).toThrow(
    expect.objectContaining({ tsn: 0x01020304, type: 0 }),
  );
});

test('user data is a view into the packet', () => {
  const reader = onChunk(hex(`00030011 ${fields} 41000000`));
  expect(decodeData(reader).userData.buffer).toBe(reader.bytes.buffer);
});
