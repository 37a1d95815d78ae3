import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultCaptureLimits } from '../src/capture-limits.ts';
import { pcapng } from './support/capture-file.ts';
import { ipUdp, concat, ipv4, ipv6, text, u16, u32, u8, udp } from './support/packets.ts';
import { readAll } from './support/read.ts';

const RAW = 101;
const datagram = udp(1000, 9901, text('hello, fragments of a datagram'));

const read = (packets: readonly Uint8Array[], limits = defaultCaptureLimits): ReturnType<typeof readAll> =>
  readAll(pcapng(packets, RAW), { limits });

/** IPv6 extension headers of 8 bytes. */
const hopByHop = 0;
const routing = 43;
const fragment = 44;
const authentication = 51;
const destination = 60;
const extension = (next: number): Uint8Array => concat(u8(next, 0), new Uint8Array(6));

test.each([
  ['IPv4 with options', ipv4(ipUdp, datagram, { options: u8(0x94, 4, 0, 0) })],
  ['IPv4 with total length 0 (segmentation offload)', ipv4(ipUdp, datagram, { totalLength: 0 })],
  [
    'IPv6 with extension headers',
    ipv6(hopByHop, concat(extension(routing), extension(destination), extension(ipUdp), datagram)),
  ],
  ['IPv6 with authentication', ipv6(authentication, concat(u8(ipUdp, 1), new Uint8Array(10), datagram))],
  ['IPv6, one fragment that is all', ipv6(fragment, concat(u8(ipUdp, 0), u16(0), u32(7), datagram))],
])('%s', (_, packet) => {
  expect(read([packet])).toMatchObject({ texts: ['hello, fragments of a datagram'], notes: [] });
});

test.each([
  ['an IPv4 header cut', ipv4(ipUdp, datagram).subarray(0, 19), 'IPv4 header truncated'],
  [
    'an IPv4 header length of 4',
    concat(u8(0x41), ipv4(ipUdp, datagram).subarray(1)),
    'IPv4 header truncated',
  ],
  [
    'IPv4 options cut',
    ipv4(ipUdp, u8(), { options: new Uint8Array(8) }).subarray(0, 24),
    'IPv4 header truncated',
  ],
  [
    'an IPv4 packet cut',
    ipv4(ipUdp, datagram).subarray(0, 40),
    'IP packet truncated: 58 bytes announced, 40',
  ],
  ['a total length below the header', ipv4(ipUdp, datagram, { totalLength: 10 }), 'UDP header truncated'],
  ['an IPv6 header cut', ipv6(ipUdp, datagram).subarray(0, 39), 'IPv6 header truncated'],
  [
    'an IPv6 packet cut',
    ipv6(ipUdp, datagram).subarray(0, 50),
    'IP packet truncated: 78 bytes announced, 50',
  ],
  ['an extension header cut', ipv6(routing, u8(ipUdp, 9, 0, 0)), 'IPv6 extension header truncated'],
  [
    'more extension headers than are sane',
    ipv6(routing, concat(...Array.from({ length: 17 }, () => extension(routing)))),
    'too many IPv6 extension headers',
  ],
])('%s gives a note and no message', (_, packet, note) => {
  const { messages, noteTexts } = read([packet]);
  expect(messages).toEqual([]);
  expect(noteTexts[0]).toContain(note);
});

/** Fragments of a datagram of 38 bytes, at bytes 0, 16 and 32. */
function fragments4(id: number, payload = datagram): Uint8Array[] {
  return [0, 16, 32].map((offset) =>
    ipv4(ipUdp, payload.subarray(offset, offset + 16), { fragment: { id, offset, more: offset < 32 } }),
  );
}

function fragments6(id: number): Uint8Array[] {
  const payload = concat(extension(ipUdp), datagram);
  return [0, 24].map((offset) => {
    const header = concat(u8(destination, 0), u16(offset | (offset < 24 ? 1 : 0)), u32(id));
    return ipv6(fragment, concat(header, payload.subarray(offset, offset === 0 ? 24 : undefined)));
  });
}

test('fragments in any order, twice, and of several datagrams at once', () => {
  const packets = [
    ...fragments4(1),
    ...fragments4(2, udp(1000, 9901, text('HELLO, FRAGMENTS OF A DATAGRAM'))),
    ...fragments6(1),
  ];
  const order = fc.shuffledSubarray(packets, { minLength: packets.length });
  fc.assert(
    fc.property(order, (shuffled) => {
      const { texts, notes } = read(shuffled);
      expect(texts.toSorted()).toEqual([
        'HELLO, FRAGMENTS OF A DATAGRAM',
        'hello, fragments of a datagram',
        'hello, fragments of a datagram',
      ]);
      expect(notes).toEqual([]);
    }),
  );
  const [first, second, third] = fragments4(1) as [Uint8Array, Uint8Array, Uint8Array];
  expect(read([first, first, third, third, second])).toMatchObject({
    texts: ['hello, fragments of a datagram'],
    notes: [],
  });
});

test('a message has the frame of the fragment that completed it', () => {
  expect(read(fragments4(1)).messages).toMatchObject([{ frame: 3, timeNs: 2_000_000n }]);
});

test('a datagram that lacks a fragment gives a note at the end', () => {
  expect(read(fragments4(1).slice(1))).toMatchObject({
    messages: [],
    noteTexts: ['1 IP datagrams lack fragments'],
  });
});

const piece = (offset: number, bytes: number, more: boolean): Uint8Array =>
  ipv4(ipUdp, new Uint8Array(bytes), { fragment: { id: 1, offset, more } });

test.each([
  ['overlap at the front', [piece(0, 16, true), piece(8, 16, true)]],
  ['overlap behind', [piece(8, 16, true), piece(0, 16, true)]],
  ['the same offset, another length', [piece(8, 16, true), piece(8, 8, true)]],
  ['bytes behind the last', [piece(8, 8, false), piece(16, 8, true)]],
  ['a last one before others', [piece(16, 8, true), piece(8, 8, false)]],
  ['two last ones', [piece(8, 8, false), piece(16, 8, false)]],
  ['empty', [piece(8, 0, true)]],
  ['beyond 65,535 bytes', [piece(65528, 16, false)]],
])('fragments that contradict each other are dropped with a note: %s', (_, packets) => {
  const { messages, noteTexts } = read(packets);
  expect(messages).toEqual([]);
  expect(noteTexts[0]).toContain('overlap or do not fit');
});

test('datagrams that wait are limited in number and in bytes: the oldest goes', () => {
  const start = (id: number): Uint8Array | undefined => fragments4(id)[0];
  const many = [1, 2, 3].flatMap((id) => start(id) ?? []);
  const few = read([...many, ...fragments4(3).slice(1)], {
    ...defaultCaptureLimits,
    maxPendingDatagrams: 2,
  });
  expect(few.texts).toHaveLength(1);
  expect(few.noteTexts).toEqual([
    'too many unfinished IP datagrams: the oldest is dropped',
    '1 IP datagrams lack fragments',
  ]);
  const small = read([...many, ...fragments4(3).slice(1)], {
    ...defaultCaptureLimits,
    maxPendingBytes: 40,
  });
  expect(small.texts).toHaveLength(1);
  expect(small.noteTexts[0]).toBe('too many unfinished IP datagrams: the oldest is dropped');
});

test('a fragment header inside a reassembled IPv6 datagram is not followed', () => {
  const inner = concat(u8(ipUdp, 0), u16(0), u32(9), datagram);
  const outer = [0, 24].map((offset) =>
    ipv6(
      fragment,
      concat(
        u8(fragment, 0),
        u16(offset | (offset === 0 ? 1 : 0)),
        u32(1),
        inner.subarray(offset, offset === 0 ? 24 : undefined),
      ),
    ),
  );
  const { messages, noteTexts } = read(outer);
  expect(messages).toEqual([]);
  expect(noteTexts).toEqual(['fragment header inside an IPv6 datagram that was fragmented']);
});
