import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultCaptureLimits } from '../src/capture-limits.ts';
import {
  begin,
  END,
  ipSctp,
  ipUdp,
  chunk,
  dataChunk,
  hex,
  ipv4,
  sctp,
  text,
  udp,
} from './support/packets.ts';
import { readIpv4 } from './support/read.ts';

const packet = (...chunks: Uint8Array[]): Uint8Array => ipv4(ipSctp, sctp(chunks));

test('a message of one DATA chunk', () => {
  const { messages, notes } = readIpv4([packet(dataChunk(text('hello'), { tsn: 1 }))]);
  expect(messages).toEqual([
    {
      frame: 1,
      timeNs: 0n,
      source: '10.1.1.1:5000',
      destination: '10.1.1.2:3863',
      transport: 'sctp',
      protocol: 'asap',
      payloadProtocolId: 11,
      data: text('hello'),
    },
  ]);
  expect(notes).toEqual([]);
});

test.each([
  [11, 'asap'],
  [12, 'enrp'],
  [32, 'fractal'],
  [33, 'ping-pong'],
  [34, 'calcapp'],
  [35, 'scripting'],
  [0xfaeeb5d1, 'asap'],
  [0xfaeeb5d2, 'enrp'],
  [0x29097601, 'fractal'],
  [0x29097602, 'ping-pong'],
  [0x29097603, 'calcapp'],
  [0x29097604, 'scripting'],
  [0, 'data'],
  [3, 'data'],
])('payload protocol %i is %s', (ppid, protocol) => {
  const { messages } = readIpv4([packet(dataChunk(text('x'), { tsn: 1, ppid }))]);
  expect(messages).toMatchObject([{ payloadProtocolId: ppid, protocol }]);
});

test('chunks bundled with others, padded, in one packet', () => {
  const sack = chunk(3, 0, new Uint8Array(12));
  const unknown = chunk(200, 0, hex('01'));
  const { texts, notes } = readIpv4([
    packet(sack, dataChunk(text('a'), { tsn: 1 }), unknown, dataChunk(text('bcdef'), { tsn: 2, stream: 9 })),
  ]);
  expect(texts).toEqual(['a', 'bcdef']);
  expect(notes).toEqual([]);
});

test('a chunk that is sent again is reported once, also over another path', () => {
  const first = dataChunk(text('one'), { tsn: 0xffffffff });
  const second = dataChunk(text('two'), { tsn: 0 });
  const { texts } = readIpv4([
    packet(first),
    packet(first, second),
    ipv4(ipSctp, sctp([first, second]), { source: '10.1.2.1', destination: '10.1.2.2' }),
  ]);
  expect(texts).toEqual(['one', 'two']);
});

test('the same sequence number in another association or direction is another chunk', () => {
  const data = dataChunk(text('x'), { tsn: 1 });
  const { messages } = readIpv4(
    [{}, { tag: 2 }, { sourcePort: 6000 }, { sourcePort: 3863, destinationPort: 5000 }].map((options) =>
      ipv4(ipSctp, sctp([data], options)),
    ),
  );
  expect(messages).toHaveLength(4);
});

test('messages are in the order of their first transmission', () => {
  const [one, two, three] = [1, 2, 3].map((tsn) => dataChunk(text(String(tsn)), { tsn })) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  expect(readIpv4([packet(one), packet(three), packet(two, three)]).texts).toEqual(['1', '3', '2']);
});

/** Fragments of one message, one byte each. */
function fragments(message: string, firstTsn: number, stream = 0): Uint8Array[] {
  return Array.from(message, (character, index) => {
    const flags = (index === 0 ? begin : 0) | (index === message.length - 1 ? END : 0);
    return dataChunk(text(character), { tsn: (firstTsn + index) >>> 0, flags, stream, ppid: 12 });
  });
}

test('fragments in any order, some sent again, over the wrap of sequence numbers', () => {
  const chunks = [...fragments('hello', 0xfffffffd), ...fragments('wide', 2, 1), ...fragments('world', 6, 2)];
  const again = fc.subarray(chunks);
  const order = fc.shuffledSubarray(chunks, { minLength: chunks.length });
  fc.assert(
    fc.property(order, again, (first, repeated) => {
      const { texts, messages, notes } = readIpv4([...first, ...repeated].map((part) => packet(part)));
      expect(texts.toSorted()).toEqual(['hello', 'wide', 'world']);
      expect(messages.every(({ protocol }) => protocol === 'enrp')).toBe(true);
      expect(notes).toEqual([]);
    }),
  );
});

test('fragments that never become a message give a note', () => {
  const [first, , third] = fragments('abc', 1) as [Uint8Array, Uint8Array, Uint8Array];
  const { messages, noteTexts } = readIpv4([packet(first), packet(third)]);
  expect(messages).toEqual([]);
  expect(noteTexts).toEqual(['2 fragments of SCTP messages lack others']);
});

test.each([
  ['a message begins within another', [begin, begin, END]],
  ['a message ends before it begins', [END, 0, begin]],
])('%s: nothing is made up', (_, flags) => {
  const packets = flags.map((bits, index) => packet(dataChunk(text('x'), { tsn: index, flags: bits })));
  expect(readIpv4(packets).messages.length).toBeLessThanOrEqual(1);
  expect(readIpv4(packets).noteTexts).toEqual([expect.stringContaining('lack others')]);
});

test('fragments of different streams are no message', () => {
  const { messages, noteTexts } = readIpv4([
    packet(dataChunk(text('x'), { tsn: 1, flags: begin, stream: 1 })),
    packet(dataChunk(text('y'), { tsn: 2, flags: END, stream: 2 })),
  ]);
  expect(messages).toEqual([]);
  expect(noteTexts).toEqual(['fragments of an SCTP message are of different streams']);
});

test('fragments that wait are limited in bytes: the oldest go', () => {
  const limits = { ...defaultCaptureLimits, maxPendingBytes: 200 };
  const lost = fragments('abcdefghij', 1).slice(0, 9);
  const { texts, noteTexts } = readIpv4(
    [...lost, ...fragments('ok', 100)].map((part) => packet(part)),
    { limits },
  );
  expect(texts).toEqual(['ok']);
  expect(noteTexts.filter((note) => note.includes('the oldest is dropped'))).toHaveLength(7);
});

test('a chunk is forgotten when many others came after it', () => {
  const limits = { ...defaultCaptureLimits, maxRememberedChunks: 10 };
  const chunks = Array.from({ length: 30 }, (_, tsn) => dataChunk(text('x'), { tsn }));
  const packets = [...chunks, ...chunks].map((part) => packet(part));
  expect(readIpv4(packets).messages).toHaveLength(30);
  expect(readIpv4(packets, { limits }).messages).toHaveLength(60);
  const recent = [...chunks, ...chunks.slice(-10)].map((part) => packet(part));
  expect(readIpv4(recent, { limits }).messages).toHaveLength(30);
});

test('a long message whose fragments come backwards', () => {
  const count = 20_000;
  const chunks = Array.from({ length: count }, (_, index) => {
    const flags = (index === 0 ? begin : 0) | (index === count - 1 ? END : 0);
    return packet(dataChunk(text('x'), { tsn: index, flags }));
  });
  expect(readIpv4(chunks.reverse()).messages).toMatchObject([{ data: { length: count } }]);
});

test.each([
  ['a packet cut in its header', sctp([]).subarray(0, 11), 'SCTP header truncated'],
  ['a chunk longer than the packet', sctp([hex('0003ffff 00000001')]), '65535 bytes announced, 8 left'],
  ['a chunk length of 0', sctp([hex('00030000 00000001')]), '0 bytes announced, 8 left'],
  ['a DATA chunk without data', sctp([chunk(0, 3, new Uint8Array(12))]), 'SCTP DATA chunk without data'],
  ['a DATA chunk cut in its header', sctp([chunk(0, 3, new Uint8Array(4))]), 'SCTP DATA chunk without data'],
  ['an I-DATA chunk', sctp([chunk(64, 3, new Uint8Array(20))]), 'I-DATA chunk (RFC 8260) left out'],
])('%s gives a note', (_, bytes, note) => {
  const { messages, notes } = readIpv4([ipv4(ipSctp, bytes)]);
  expect(messages).toEqual([]);
  expect(notes).toEqual([{ frame: 1, text: expect.stringContaining(note) as string }]);
});

test('what stands before a broken chunk is read', () => {
  const { texts, notes } = readIpv4([packet(dataChunk(text('good'), { tsn: 1 }), hex('00030002'))]);
  expect(texts).toEqual(['good']);
  expect(notes).toHaveLength(1);
});

const inUdp = (sourcePort: number, destinationPort: number): Uint8Array =>
  ipv4(ipUdp, udp(sourcePort, destinationPort, sctp([dataChunk(text('hello'), { tsn: 1 })])));

test.each([
  ['to port 9899', inUdp(40000, 9899)],
  ['from port 9899', inUdp(9899, 40000)],
])('SCTP in UDP %s, with the SCTP ports as endpoints', (_, bytes) => {
  expect(readIpv4([bytes]).messages).toMatchObject([
    {
      transport: 'sctp-udp',
      protocol: 'asap',
      source: '10.1.1.1:5000',
      destination: '10.1.1.2:3863',
      payloadProtocolId: 11,
    },
  ]);
});

test('SCTP in UDP at ports of choice', () => {
  expect(readIpv4([inUdp(40000, 12345)]).messages).toEqual([]);
  expect(readIpv4([inUdp(40000, 12345)], { sctpUdpPorts: [12345] }).messages).toHaveLength(1);
  expect(readIpv4([inUdp(40000, 9899)], { sctpUdpPorts: [12345] }).messages).toEqual([]);
});

test('what is sent in UDP is not taken for what was sent in IP', () => {
  const chunks = [dataChunk(text('x'), { tsn: 1 })];
  expect(readIpv4([packet(...chunks), inUdp(40000, 9899)]).messages).toHaveLength(2);
});
