import { encodeAsap, encodeComponentStatus, encodeEnrp } from '@rserpool/wire';
import { expect, test } from 'vitest';
import { pcapng } from './support/capture-file.ts';
import { ipUdp, ipv4, ipv6, text, udp } from './support/packets.ts';
import { readAll, readIpv4 } from './support/read.ts';

const announce = encodeAsap({ type: 'server-announce', registrarId: 7, transports: [] }, 'rsplib');
const presence = encodeEnrp(
  { type: 'presence', senderId: 7, receiverId: 0, replyRequired: false, checksum: 1 },
  'rfc',
);
const status = encodeComponentStatus({
  type: 'report',
  final: false,
  sender: { group: 1, object: 7n },
  timeUs: 1n,
  reportIntervalUs: 1,
  location: '',
  status: '',
  workload: undefined,
  associations: [],
});

test.each([
  [3863, 'asap'],
  [9901, 'enrp'],
  [2960, 'component-status'],
])('datagrams to port %i are of protocol %s, whatever they hold', (port, protocol) => {
  const { messages } = readIpv4([ipv4(ipUdp, udp(1234, port, text('?')))]);
  expect(messages).toMatchObject([
    {
      frame: 1,
      timeNs: 0n,
      source: '10.1.1.1:1234',
      destination: `10.1.1.2:${port}`,
      transport: 'udp',
      protocol,
      payloadProtocolId: undefined,
      data: text('?'),
    },
  ]);
});

test.each([
  ['a server announce to a group', '239.0.0.50', announce, ['asap']],
  ['a presence to a group', '239.0.0.51', presence, ['enrp']],
  ['a component status report to anyone', '10.9.9.9', status, ['component-status']],
  ['a server announce to one host', '10.9.9.9', announce, []],
  ['a presence to one host', '10.9.9.9', presence, []],
  ['anything else to a group', '224.0.0.251', text('mDNS'), []],
])('at other ports the content decides: %s', (_, destination, data, protocols) => {
  const { messages, notes } = readIpv4([ipv4(ipUdp, udp(1234, 5555, data), { destination })]);
  expect(messages.map(({ protocol }) => protocol)).toEqual(protocols);
  expect(notes).toEqual([]);
});

test('IPv6 groups are groups too', () => {
  const packet = ipv6(ipUdp, udp(1234, 5555, announce), 'ff050000000000000000000000000133');
  const { messages } = readAll(pcapng([packet], 101));
  expect(messages).toMatchObject([{ protocol: 'asap', destination: '[ff05::133]:5555' }]);
});

test.each([
  ['cut in its header', udp(1234, 9901, text('x')).subarray(0, 7), 'UDP header truncated'],
  ['longer than the packet', udp(1234, 9901, text('x'), 10), '10 bytes announced, 9 captured'],
  ['shorter than its header', udp(1234, 9901, text('x'), 7), '7 bytes announced, 9 captured'],
])('a datagram %s gives a note', (_, packet, note) => {
  const { messages, noteTexts } = readIpv4([ipv4(ipUdp, packet)]);
  expect(messages).toEqual([]);
  expect(noteTexts[0]).toContain(note);
});
