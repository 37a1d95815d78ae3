import { encodeControlFrame, writeDataHeader } from '@rserpool/wire';
import { expect, test } from 'vitest';
import { decodeCapture } from '../src/decode-capture.ts';
import { PcapngBlocks, pcap } from './support/capture-file.ts';
import {
  begin,
  END,
  ipSctp,
  ipTcp,
  ipUdp,
  concat,
  dataChunk,
  ethernet,
  hex,
  ipv4,
  ipv6,
  sctp,
  tcp,
  text,
  u16,
  u32,
  u8,
  udp,
} from './support/packets.ts';

/** Marsaglia's xorshift: the same numbers in every run. */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

const announce = hex('0a000008 a0b0c0d0');
const registration = hex(`0100004c 0009000c 4563686f 506f6f6c 000a003c 11223344 00000000 00015f90 00040024
  04d20001 00010008 0a000001 00020014 20010db8 00000000 00000000 00000001 00080008 00000001`);
const header = new Uint8Array(12);
writeDataHeader(
  new DataView(header.buffer),
  0,
  { payloadProtocolId: 11, streamId: 0, data: registration },
  false,
);
const hello = encodeControlFrame({ type: 'hello', maxMessageBytes: 65536, heartbeatTimeoutMs: 1000 });
const stream = concat(hello, header, registration);
const fragmented = udp(1000, 9901, text('fragments'));

/** One of everything that the reader knows. */
const packets = [
  ethernet(ipv4(ipSctp, sctp([dataChunk(registration, { tsn: 1 }), dataChunk(announce, { tsn: 2 })]))),
  ethernet(ipv4(ipSctp, sctp([dataChunk(registration.subarray(0, 30), { tsn: 3, flags: begin })]))),
  ethernet(ipv4(ipSctp, sctp([dataChunk(registration.subarray(30), { tsn: 4, flags: END })]))),
  ethernet(ipv4(ipUdp, udp(1000, 9899, sctp([dataChunk(announce, { tsn: 1 })])))),
  ethernet(ipv4(ipUdp, udp(1000, 3863, announce), { destination: '239.0.0.50' })),
  ethernet(
    ipv6(0, concat(u8(ipUdp, 0), new Uint8Array(6), udp(1000, 9901, hex('0500000c 00000001 00000002')))),
    0x86dd,
  ),
  ethernet(ipv4(ipUdp, fragmented.subarray(0, 8), { fragment: { id: 1, offset: 0, more: true } })),
  ethernet(ipv4(ipUdp, fragmented.subarray(8), { fragment: { id: 1, offset: 8, more: false } })),
  ethernet(ipv6(44, concat(u8(ipUdp, 0), u16(1), u32(1), fragmented.subarray(0, 8))), 0x86dd),
  ethernet(ipv6(44, concat(u8(ipUdp, 0), u16(8), u32(1), fragmented.subarray(8))), 0x86dd),
  ethernet(ipv4(ipTcp, tcp(u8(), { sequence: 0, syn: true }))),
  ethernet(ipv4(ipTcp, tcp(stream.subarray(40), { sequence: 41 }))),
  ethernet(ipv4(ipTcp, tcp(stream.subarray(0, 40), { sequence: 1 }))),
  ethernet(concat(u16(5, 0x0800), ipv4(ipUdp, udp(1000, 2960, text('?')))), 0x8100),
];
const blocks = new PcapngBlocks();
const captures = {
  pcapng: concat(
    blocks.section(),
    blocks.interface(1, { resolution: 9, offsetSeconds: 1 }),
    ...packets.map((packet) => blocks.packet(packet)),
    blocks.simplePacket(packets[0] ?? u8()),
  ),
  pcap: pcap(packets),
};

/** Numbers that lie about lengths, counts and offsets. */
const lies = [0x00, 0x01, 0x03, 0x04, 0x7f, 0x80, 0xfc, 0xff];

test.each(Object.entries(captures))(
  '10,000 changed %s files: no exception, no hang',
  { timeout: 120_000 },
  (_, capture) => {
    const unchanged = [...decodeCapture(capture)].map(({ type }) => type);
    expect(unchanged).toHaveLength(10);
    expect(unchanged.filter((type) => type === 'malformed')).toHaveLength(3); // those of text
    const random = randomNumbers(0x5eed);
    let messages = 0;
    let notes = 0;
    const onNote = (): void => {
      notes++;
    };
    for (let run = 0; run < 10_000; run++) {
      let changed: Uint8Array = Uint8Array.from(capture);
      for (let changes = 1 + random(4); changes > 0; changes--) {
        const at = random(changed.length);
        const kind = random(4);
        if (kind === 0) changed[at] = random(256);
        else if (kind === 1) changed[at] = lies[random(lies.length)] ?? 0;
        else if (kind === 2) changed = changed.slice(0, at + 1);
        else changed = concat(changed.subarray(0, at), changed.subarray(at + random(8)));
      }
      for (const message of decodeCapture(changed, { onNote })) messages += message.data.length > 0 ? 1 : 0;
    }
    expect(messages).toBeGreaterThan(10_000);
    expect(notes).toBeGreaterThan(10_000);
  },
);
