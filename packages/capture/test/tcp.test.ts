import { encodeAsap, encodeControlFrame, encodePingPong, writeDataHeader } from '@rserpool/wire';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultCaptureLimits } from '../src/capture-limits.ts';
import { ipTcp, type TcpOptions, concat, hex, ipv4, tcp, text } from './support/packets.ts';
import { readIpv4 } from './support/read.ts';

const hello = encodeControlFrame({ type: 'hello', maxMessageBytes: 65536, heartbeatTimeoutMs: 1000 });
const heartbeat = encodeControlFrame({ type: 'heartbeat', count: 0, token: 7 });

function dataFrame(data: Uint8Array, payloadProtocolId = 33): Uint8Array {
  const header = new Uint8Array(12);
  writeDataHeader(new DataView(header.buffer), 0, { payloadProtocolId, streamId: 0, data }, false);
  return concat(header, data);
}

const stream = concat(
  hello,
  dataFrame(text('one')),
  heartbeat,
  dataFrame(text('two'), 11),
  dataFrame(text('three')),
);

const segment = (data: Uint8Array, options: TcpOptions): Uint8Array => ipv4(ipTcp, tcp(data, options));
const syn = (sequence: number): Uint8Array => segment(new Uint8Array(0), { sequence, syn: true });

test('framed messages of a connection', () => {
  const packets = [syn(99), segment(stream, { sequence: 100 })];
  const { messages, notes } = readIpv4(packets);
  const common = { frame: 2, source: '10.1.1.1:40000', destination: '10.1.1.2:7000', transport: 'tcp' };
  expect(messages).toMatchObject([
    { ...common, protocol: 'ping-pong', payloadProtocolId: 33, data: text('one') },
    { ...common, protocol: 'asap', payloadProtocolId: 11, data: text('two') },
    { ...common, protocol: 'ping-pong', payloadProtocolId: 33, data: text('three') },
  ]);
  expect(notes).toEqual([]);
});

test('segments cut anywhere, overlapping, repeated and in any order, over the wrap of sequence numbers', () => {
  const start = 0xfffffff0;
  const cuts = fc.array(fc.tuple(fc.nat({ max: stream.length }), fc.nat({ max: 20 })), { maxLength: 20 });
  fc.assert(
    fc.property(
      cuts,
      fc.integer({ min: 1, max: 9 }),
      fc.array(fc.nat(), { minLength: 1, maxLength: 40 }),
      (extra, step, keys) => {
        const covering = Array.from({ length: Math.ceil(stream.length / step) }, (_, index) => [
          index * step,
          step,
        ]);
        const packets = [...covering, ...extra].map(([from = 0, size = 0]) =>
          segment(stream.subarray(from, from + size), { sequence: (start + 1 + from) >>> 0 }),
        );
        const shuffled = packets
          .map((packet, index) => ({ packet, key: keys[index % keys.length] ?? 0 }))
          .sort((left, right) => left.key - right.key)
          .map(({ packet }) => packet);
        const { texts, notes } = readIpv4([syn(start), ...shuffled]);
        expect(texts).toEqual(['one', 'two', 'three']);
        expect(notes).toEqual([]);
      },
    ),
  );
});

test('a message has the frame of the segment that completed it', () => {
  const packets = [
    syn(99),
    segment(stream.subarray(0, 20), { sequence: 100 }),
    segment(stream.subarray(30), { sequence: 130 }),
    segment(stream.subarray(20, 30), { sequence: 120 }),
  ];
  expect(readIpv4(packets).messages.map(({ frame }) => frame)).toEqual([4, 4, 4]);
});

test('a capture that begins after the SYN, but before the first byte', () => {
  expect(readIpv4([segment(stream, { sequence: 1 })]).texts).toEqual(['one', 'two', 'three']);
});

test('both directions are read, each on its own', () => {
  const back = { sourcePort: 7000, destinationPort: 40000 };
  const { messages } = readIpv4([
    segment(stream, { sequence: 1 }),
    ipv4(ipTcp, tcp(concat(hello, dataFrame(text('answer'))), { ...back, sequence: 1 }), {
      source: '10.1.1.2',
      destination: '10.1.1.1',
    }),
  ]);
  expect(messages.at(-1)).toMatchObject({
    source: '10.1.1.2:7000',
    destination: '10.1.1.1:40000',
    data: text('answer'),
  });
});

test('a new connection between the same endpoints starts anew; a SYN that is sent again does not', () => {
  const { texts } = readIpv4([
    syn(99),
    syn(99),
    segment(stream.subarray(0, 40), { sequence: 100 }),
    syn(99),
    segment(stream.subarray(40), { sequence: 140 }),
    syn(5000),
    segment(concat(hello, dataFrame(text('again'))), { sequence: 5001 }),
  ]);
  expect(texts).toEqual(['one', 'two', 'three', 'again']);
});

test.each([
  ['HTTP', text('GET / HTTP/1.1\r\n\r\n')],
  ['TLS', hex('160301 0200')],
  ['the middle of a framed connection', stream.subarray(20)],
  [
    'ASAP without framing at another port',
    encodeAsap({ type: 'server-announce', registrarId: 1, transports: [] }, 'rfc'),
  ],
])('other connections are passed over in silence: %s', (_, data) => {
  expect(readIpv4([segment(data, { sequence: 1 })])).toMatchObject({ messages: [], notes: [] });
});

test('ASAP without framing, at its port', () => {
  const announce = encodeAsap({ type: 'server-announce', registrarId: 1, transports: [] }, 'rfc');
  const { messages } = readIpv4([
    segment(concat(announce, announce), { sequence: 1, destinationPort: 3863 }),
  ]);
  expect(messages).toMatchObject([
    { protocol: 'asap', data: announce },
    { protocol: 'asap', data: announce },
  ]);
});

test('a frame that is malformed ends the connection with a note', () => {
  const { texts, noteTexts } = readIpv4([
    segment(concat(hello, dataFrame(text('one')), hex('63000000 00000000')), { sequence: 1 }),
    segment(dataFrame(text('two')), { sequence: 1 + hello.length + 15 + 8 }),
  ]);
  expect(texts).toEqual(['one']);
  expect(noteTexts).toEqual(['TCP framing: frame type 99']);
});

test('a gap that is never filled ends the connection with a note', () => {
  const lost = hello.length;
  const later = Array.from({ length: 1025 }, (_, index) =>
    segment(dataFrame(encodePingPong({ type: 'ping', messageNumber: 1n, data: new Uint8Array(0) })), {
      sequence: 1 + lost + 10 + index,
    }),
  );
  const { messages, noteTexts } = readIpv4([segment(hello, { sequence: 1 }), ...later]);
  expect(messages).toEqual([]);
  expect(noteTexts).toEqual(['TCP connection: bytes are missing from the capture, the rest is left out']);
});

test('connections are limited in number: the oldest goes', () => {
  const limits = { ...defaultCaptureLimits, maxTcpStreams: 2 };
  const part = (sourcePort: number, from: number, to?: number): Uint8Array =>
    segment(stream.subarray(from, to), { sequence: 1 + from, sourcePort });
  const { messages, noteTexts } = readIpv4(
    [part(1, 0, 20), part(2, 0, 20), part(3, 0, 20), part(2, 20), part(3, 20), part(1, 20)],
    { limits },
  );
  expect(messages.map(({ source }) => source)).toEqual([
    ...Array.from({ length: 3 }, () => '10.1.1.1:2'),
    ...Array.from({ length: 3 }, () => '10.1.1.1:3'),
  ]);
  expect(noteTexts).toEqual(
    Array.from({ length: 2 }, () => 'too many TCP connections: the oldest is dropped'),
  );
});

test.each([
  ['cut', tcp(stream, { sequence: 1 }).subarray(0, 19)],
  [
    'of a length of 16 bytes',
    concat(tcp(stream, { sequence: 1 }).subarray(0, 12), hex('4010'), new Uint8Array(20)),
  ],
])('a TCP header %s gives a note', (_, bytes) => {
  expect(readIpv4([ipv4(ipTcp, bytes)])).toMatchObject({
    messages: [],
    noteTexts: ['TCP header truncated'],
  });
});
