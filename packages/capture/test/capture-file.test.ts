import { expect, test } from 'vitest';
import type { CapturedPacket } from '../src/captured-packet.ts';
import { readPackets } from '../src/packet-file.ts';
import { PcapngBlocks, pcap, pcapng } from './support/capture-file.ts';
import { concat, hex, text } from './support/packets.ts';

function read(file: Uint8Array): { packets: CapturedPacket[]; texts: string[]; notes: string[] } {
  const notes: string[] = [];
  const packets = [
    ...readPackets(file, (note) => {
      notes.push(note);
    }),
  ];
  return { packets, texts: packets.map(({ data }) => Buffer.from(data).toString()), notes };
}

test.each([true, false])('pcapng, little endian: %s', (littleEndian) => {
  const blocks = new PcapngBlocks(littleEndian);
  const file = concat(
    blocks.section(),
    blocks.interface(1),
    blocks.interface(113, { resolution: 9 }),
    blocks.block(5, hex('00000000 00000000 00000000')), // interface statistics: passed over
    blocks.packet(text('one'), { ticks: 1_500_000n }),
    blocks.packet(text('three'), { ticks: 2n ** 40n + 1n, interfaceId: 1 }),
  );
  expect(read(file)).toMatchObject({
    packets: [
      { frame: 1, timeNs: 1_500_000_000n, linkType: 1 },
      { frame: 2, timeNs: 2n ** 40n + 1n, linkType: 113 },
    ],
    texts: ['one', 'three'],
    notes: [],
  });
});

test.each([
  ['the default, microseconds', {}, 5n, 5000n],
  ['milliseconds', { resolution: 3 }, 5n, 5_000_000n],
  ['nanoseconds', { resolution: 9 }, 5n, 5n],
  ['1/1024 seconds', { resolution: 0x80 | 10 }, 1536n, 1_500_000_000n],
  ['an offset', { offsetSeconds: 2 }, 5n, 2_000_005_000n],
  ['a negative offset', { offsetSeconds: -2 }, 5_000_000n, 3_000_000_000n],
  ['a resolution of nonsense', { resolution: 0x7f }, 5n, 0n],
])('time stamps: %s', (_, options, ticks, timeNs) => {
  for (const littleEndian of [true, false]) {
    const blocks = new PcapngBlocks(littleEndian);
    const file = concat(blocks.section(), blocks.interface(1, options), blocks.packet(text('x'), { ticks }));
    expect(read(file).packets).toMatchObject([{ timeNs }]);
  }
});

test('a section has its own byte order and interfaces', () => {
  const little = new PcapngBlocks(true);
  const big = new PcapngBlocks(false);
  const file = concat(
    little.section(),
    little.interface(1),
    little.packet(text('one')),
    big.section(),
    big.packet(text('lost')),
    big.interface(101),
    big.packet(text('two')),
  );
  expect(read(file)).toMatchObject({
    packets: [
      { frame: 1, linkType: 1 },
      { frame: 3, linkType: 101 },
    ],
    notes: ['packet block at byte 124 truncated or of no interface'],
  });
});

test('simple packets have no time and are cut at the snap length; obsolete packets count but are left out', () => {
  const blocks = new PcapngBlocks();
  const file = concat(
    blocks.section(),
    blocks.interface(1, { snapLength: 4 }),
    blocks.block(2, new Uint8Array(24)),
    blocks.simplePacket(text('abcd'), 100),
    blocks.simplePacket(text('ab')),
  );
  expect(read(file)).toMatchObject({
    packets: [
      { frame: 2, timeNs: undefined },
      { frame: 3, timeNs: undefined },
    ],
    texts: ['abcd', 'ab'],
    notes: ['obsolete packet block at byte 60 left out'],
  });
});

test.each([
  ['little endian, microseconds', {}, 5000n],
  ['big endian, microseconds', { littleEndian: false }, 5000n],
  ['little endian, nanoseconds', { nanoseconds: true }, 5n],
  ['big endian, nanoseconds', { littleEndian: false, nanoseconds: true }, 5n],
])('pcap: %s', (_, options, subsecondNs) => {
  expect(read(pcap([text('one'), text('two')], { ...options, linkType: 276 }))).toMatchObject({
    packets: [
      { frame: 1, timeNs: subsecondNs, linkType: 276 },
      { frame: 2, timeNs: 1_000_000_000n + subsecondNs, linkType: 276 },
    ],
    texts: ['one', 'two'],
    notes: [],
  });
});

test.each([
  ['nothing', new Uint8Array(0), 'not a capture file'],
  ['a text', text('hello world, hello world'), 'not a capture file'],
  ['the begin of a pcap file', hex('d4c3b2a1 02000400'), 'header truncated'],
  ['a section of unknown byte order', hex('0a0d0d0a 0000001c 01020304 00000000'), 'unknown byte order'],
])('no capture: %s', (_, file, note) => {
  const { packets, notes } = read(file);
  expect(packets).toEqual([]);
  expect(notes).toEqual([expect.stringContaining(note)]);
});

test.each([
  ['0', '00000000'],
  ['8', '08000000'],
  ['33', '21000000'],
  ['beyond the end', '00010000'],
  ['4 GiB', 'fcffffff'],
])('a block of length %s ends a pcapng file with a note', (_, length) => {
  const blocks = new PcapngBlocks();
  const good = concat(blocks.section(), blocks.interface(1), blocks.packet(text('one')));
  const file = concat(good, hex(`06000000 ${length} 00000000 00000000 00000000`), blocks.packet(text('two')));
  expect(read(file)).toMatchObject({
    texts: ['one'],
    notes: [expect.stringContaining(`block at byte ${good.length}: length`)],
  });
});

test('an enhanced packet that says it is longer than its block is left out', () => {
  const blocks = new PcapngBlocks();
  const lying = blocks.packet(text('lying'));
  lying.set([0xff, 0xff, 0xff, 0xff], 20); // captured length
  const file = concat(blocks.section(), blocks.interface(1), lying, blocks.packet(text('two')));
  expect(read(file)).toMatchObject({ texts: ['two'], notes: [expect.stringContaining('truncated')] });
});

test('options of an interface that run beyond it are passed over', () => {
  const blocks = new PcapngBlocks();
  const lying = blocks.block(1, hex('01000000 00000000 0900ffff 09000000'));
  const file = concat(blocks.section(), lying, blocks.packet(text('one'), { ticks: 1n }));
  expect(read(file).packets).toMatchObject([{ timeNs: 1000n }]);
});

test.each([
  ['pcapng', pcapng([text('one'), text('two')]), [28, 60, 96]],
  ['pcap', pcap([text('one'), text('two')]), [24, 43]],
])(
  '%s cut anywhere gives the packets before the cut, and a note unless it is between two',
  (_, file, between) => {
    const whole = ['one', 'two'];
    for (let length = 0; length < file.length; length++) {
      const { texts, notes } = read(file.subarray(0, length));
      texts.forEach((content, index) => {
        if (index < texts.length - 1) expect(content).toBe(whole[index]);
        else expect(whole[index]?.startsWith(content)).toBe(true);
      });
      expect(notes, `cut at ${length}`).toHaveLength(between.includes(length) ? 0 : 1);
    }
  },
);

test('the file may be a view into a larger buffer', () => {
  const file = pcapng([text('one')]);
  const larger = new Uint8Array(file.length + 7);
  larger.set(file, 7);
  expect(read(larger.subarray(7)).texts).toEqual(['one']);
});
