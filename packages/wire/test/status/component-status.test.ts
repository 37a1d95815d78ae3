import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ComponentGroup,
  type ComponentStatusReport,
  decodeComponentStatus,
  encodeComponentStatus,
} from '../../src/status/component-status.ts';
import { expectMalformed, expectMessage, u32, u64 } from '../expect-decoded.ts';
import { hex } from '../hex.ts';

const field = (text: string): string => Buffer.from(text).toString('hex').padEnd(256, '0');
const location = field('lab: 10.1.1.1:3865, 10.1.2.1');
const status = field('18[1] PEs in 16 Pools, 2 Peers');
const head = '0100 0150 00000200 010000008fa982db 0000000002448858 001e8480';
const peers = `0100000014e68b02 ffffffffffffffff 0000 0084 0000000c
  01000000b14a9bf6 ffffffffffffffff 0000 0084 0000000c`;

test('a report of a registrar with two peers, as rspregistrar sent it', () => {
  const data = hex(`${head} ${location} ${status} ffff 0002 ${peers}`);
  const report = expectMessage(decodeComponentStatus(data));
  const association = { durationUs: undefined, flags: 0, protocolId: 132, payloadProtocolId: 12 };
  expect(report).toEqual({
    type: 'report',
    final: false,
    sender: { group: ComponentGroup.registrar, object: 0x8fa982dbn },
    timeUs: 38045784n,
    reportIntervalUs: 2_000_000,
    location: 'lab: 10.1.1.1:3865, 10.1.2.1',
    status: '18[1] PEs in 16 Pools, 2 Peers',
    workload: undefined,
    associations: [
      { receiver: { group: 1, object: 0x14e68b02n }, ...association },
      { receiver: { group: 1, object: 0xb14a9bf6n }, ...association },
    ],
  });
  expect(encodeComponentStatus(report)).toEqual(data);
});

const minimal: ComponentStatusReport = {
  type: 'report',
  final: true,
  sender: { group: ComponentGroup.poolUser, object: 0xffffffffffffffn },
  timeUs: 0n,
  reportIntervalUs: 0,
  location: '',
  status: '',
  workload: 0xfffe,
  associations: [],
};

test('the final report of a busy pool user', () => {
  const digits = `01010120 00000200 03ffffffffffffff 0000000000000000 00000000 ${'00'.repeat(256)} fffe 0000`;
  expect(encodeComponentStatus(minimal)).toEqual(hex(digits));
  expect(expectMessage(decodeComponentStatus(hex(digits)))).toEqual(minimal);
});

const tail = `${location} ${status} ffff`;
test.each([
  ['nothing', '', 'type 0'],
  ['another type', `0200 0120 ${head.slice(10)} ${tail} 0000`, 'type 2'],
  ['another version', `0100 0120 00000100 ${head.slice(19)} ${tail} 0000`, 'version 256'],
  ['cut in the texts', `${head} ${location}`, '156 bytes'],
  ['cut in the associations', `${head} ${tail} 0002 ${peers}`.slice(0, -8), '332 bytes'],
  ['more associations than announced', `${head} ${tail} 0001 ${peers}`, '1 associations announced'],
  ['fewer associations than announced', `${head} ${tail} ffff ${peers}`, '65535 associations announced'],
  ['a lying length', `0100 0151 ${head.slice(10)} ${tail} 0002 ${peers}`, 'length field says 337'],
])('malformed: %s', (_, digits, text) => expectMalformed(decodeComponentStatus(hex(digits)), text));

test('texts are cut at 127 bytes, at the end of a character, and always end with a zero byte', () => {
  const encoded = encodeComponentStatus({ ...minimal, location: `${'a'.repeat(126)}ä` });
  expect(encoded.subarray(28, 156)).toEqual(hex(`${'61'.repeat(126)}0000`));
});

test('a text without an end, or cut within a character, is still read', () => {
  const data = encodeComponentStatus(minimal);
  data.fill(0x61, 28, 156);
  data[155] = 0xc3;
  expect(decodeComponentStatus(data)).toMatchObject({ message: { location: `${'a'.repeat(127)}Ã` } });
});

test('more associations than the length field can say cannot be encoded', () => {
  const association = {
    receiver: minimal.sender,
    durationUs: 1n,
    flags: 0,
    protocolId: 6,
    payloadProtocolId: 11,
  };
  const most = { ...minimal, associations: Array.from({ length: 2718 }, () => association) };
  expect(expectMessage(decodeComponentStatus(encodeComponentStatus(most)))).toEqual(most);
  const tooMany = { ...minimal, associations: [...most.associations, association] };
  expect(() => encodeComponentStatus(tooMany)).toThrow('2719 associations');
});

const ids = fc.record({
  group: fc.nat({ max: 255 }),
  object: fc.bigInt({ min: 0n, max: 0xffffffffffffffn }),
});
const text = fc
  .string({ unit: 'grapheme', maxLength: 20 })
  .filter((value) => !value.includes('\0') && Buffer.byteLength(value) < 128);
const reports: fc.Arbitrary<ComponentStatusReport> = fc.record({
  type: fc.constant('report' as const),
  final: fc.boolean(),
  sender: ids,
  timeUs: u64,
  reportIntervalUs: u32,
  location: text,
  status: text,
  workload: fc.option(fc.nat({ max: 0xfffe }), { nil: undefined }),
  associations: fc.array(
    fc.record({
      receiver: ids,
      durationUs: fc.option(fc.bigInt({ min: 0n, max: 0xfffffffffffffffen }), { nil: undefined }),
      flags: fc.nat({ max: 0xffff }),
      protocolId: fc.nat({ max: 0xffff }),
      payloadProtocolId: u32,
    }),
  ),
});

test('every report is itself after encoding and decoding', () => {
  fc.assert(
    fc.property(reports, (report) => {
      expect(expectMessage(decodeComponentStatus(encodeComponentStatus(report)))).toEqual(report);
    }),
  );
});
