import { expect, test } from 'vitest';
import { pcapng } from './support/capture-file.ts';
import { ipUdp, concat, ethernet, hex, ipv4, ipv6, text, u16, u32, udp } from './support/packets.ts';
import { readAll } from './support/read.ts';

const message = text('hello');
const v4 = ipv4(ipUdp, udp(1000, 9901, message));
const v6 = ipv6(ipUdp, udp(1000, 9901, message));
const V4 = 0x0800;
const V6 = 0x86dd;
/** AF_INET6 of Linux, BSD and macOS. */
const families = [10, 24, 28, 30];
const little32 = (value: number): Uint8Array => u32(value).reverse();

test.each<[string, number, Uint8Array]>([
  ['Ethernet, IPv4', 1, ethernet(v4)],
  ['Ethernet, IPv6', 1, ethernet(v6, V6)],
  ['Ethernet, VLAN tag', 1, ethernet(concat(u16(100, V4), v4), 0x8100)],
  ['Ethernet, two VLAN tags', 1, ethernet(concat(u16(100, 0x8100, 200, V6), v6), 0x88a8)],
  ['Ethernet, padded to 60 bytes', 1, concat(ethernet(v4), new Uint8Array(13))],
  ['Linux cooked', 113, concat(u16(0, 1, 6, 0, 0, 0, 0, V4), v4)],
  ['Linux cooked, VLAN tag', 113, concat(u16(0, 1, 6, 0, 0, 0, 0, 0x8100, 5, V6), v6)],
  ['Linux cooked 2', 276, concat(u16(V6, 0, 0, 1, 1, 6, 0, 0, 0, 0), v6)],
  ['raw IPv4', 101, v4],
  ['raw IPv6', 101, v6],
  ['raw, BSD number', 12, v4],
  ['raw, OpenBSD number', 14, v4],
  ['IPv4', 228, v4],
  ['IPv6', 229, v6],
  ['null, little endian', 0, concat(little32(2), v4)],
  ['null, big endian', 0, concat(u32(2), v4)],
  ...families.map((family): [string, number, Uint8Array] => [
    `null, family ${family}`,
    0,
    concat(little32(family), v6),
  ]),
  ['loopback', 108, concat(u32(2), v4)],
])('%s', (_, linkType, packet) => {
  const { texts, messages, notes } = readAll(pcapng([packet], linkType));
  expect(notes).toEqual([]);
  expect(texts).toEqual(['hello']);
  const endpoints = messages.map(({ source, destination }) => [source, destination]);
  const expected = [
    ['10.1.1.1:1000', '10.1.1.2:9901'],
    ['[fd00::1]:1000', '[fd00::2]:9901'],
  ];
  expect(expected).toContainEqual(endpoints[0]);
});

test.each<[string, number, Uint8Array]>([
  ['ARP', 1, ethernet(new Uint8Array(28), 0x0806)],
  ['another family', 0, concat(little32(7), v4)],
])('%s is passed over in silence', (_, linkType, packet) => {
  expect(readAll(pcapng([packet], linkType))).toMatchObject({ messages: [], notes: [] });
});

test.each<[string, number, Uint8Array, string]>([
  ['half an Ethernet header', 1, hex('000000000000 00000000'), 'link layer header truncated'],
  ['half a VLAN tag', 1, ethernet(u16(1), 0x8100), 'link layer header truncated'],
  ['half a cooked header', 113, new Uint8Array(15), 'link layer header truncated'],
  ['half a cooked header 2', 276, new Uint8Array(19), 'link layer header truncated'],
  ['half a family', 0, new Uint8Array(3), 'link layer header truncated'],
  ['a link type nobody knows', 147, v4, 'link type 147 is not known'],
  ['an IP version nobody knows', 101, hex('50000000'), 'IP version 5, expected 4 or 6'],
  ['an empty packet', 101, new Uint8Array(0), 'IP version 0, expected 4 or 6'],
])('%s gives a note', (_, linkType, packet, note) => {
  expect(readAll(pcapng([packet], linkType))).toMatchObject({
    messages: [],
    notes: [{ frame: 1, text: note }],
  });
});
