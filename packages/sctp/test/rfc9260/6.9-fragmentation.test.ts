import { describe, expect, test } from 'vitest';
import { SctpBench } from '../support/sctp-bench.ts';

const chunkBytes = 1_480 - 12 - 16;

describe('fragmentation', () => {
  test.each([
    [1, 1],
    [chunkBytes, 1],
    [chunkBytes + 1, 2],
    [2 * chunkBytes, 2],
    [2 * chunkBytes + 1, 3],
    [100_000, 69],
  ])('a message of %i bytes goes in %i chunks', (sizeBytes, chunks) => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    endA.send(sizeBytes);
    bench.clock.run(5_000);
    expect(endZ.received.map(({ data }) => data.length)).toEqual([sizeBytes]);
    expect(endA.association.status().counters.dataChunksSent).toBe(chunks);
    const marks = bench.passages.flatMap(({ text }) => [
      ...text.matchAll(/A > Z DATA \d+( first| middle| last)?/g),
    ]);
    const kinds = marks.map(([, kind = ' whole']) => kind.trim());
    expect(kinds).toEqual(
      chunks === 1 ? ['whole'] : ['first', ...Array.from({ length: chunks - 2 }, () => 'middle'), 'last'],
    );
  });

  test('no chunk is larger than the smallest path takes (section 7.3)', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair({ maxPacketBytes: 600 });
    endA.send(2_000);
    bench.clock.run(1_000);
    expect(endZ.received[0]?.data.length).toBe(2_000);
    expect(Math.max(...bench.passages.map(({ packet }) => packet.length))).toBeLessThanOrEqual(600);
  });

  test('the U bit is on all fragments of an unordered message, TSNs are in a row', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair();
    endA.send('before');
    endA.send(4_000, { unordered: true });
    bench.clock.run(100);
    const lines = bench
      .talk()
      .filter((line) => line.startsWith('A'))
      .join(', ');
    expect([...lines.matchAll(/DATA (\d) (first|middle|last) U/g)].map(([, tsn]) => tsn)).toEqual([
      '1',
      '2',
      '3',
    ]);
  });
});

describe('reassembly', () => {
  test.each([
    [[0, 1, 2, 3]],
    [[3, 2, 1, 0]],
    [[0, 2, 1, 3]],
    [[1, 3, 0, 2]],
    [[2, 0, 3, 1]],
    [[0, 0, 1, 3, 3, 2, 2]],
  ])('fragments that come as %j', (order) => {
    const bench = new SctpBench(0);
    const { end, peer } = bench.pairWithPeer();
    for (const tsn of order)
      peer.send(
        peer.data(tsn, { text: `${tsn}`, streamSequence: 0, beginning: tsn === 0, ending: tsn === 3 }),
      );
    bench.clock.run(0);
    expect(end.messages).toEqual(['0123']);
    expect(end.association.status().heldBytes).toBe(0);
  });

  test('of many messages at once, over lost and doubled packets in any order', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    bench.lose(/DATA \d*3\b/, 15);
    bench.hold(/DATA \d*7\b/, 60, 15);
    bench.double(/DATA \d*1\b/, 25, 15);
    const sizes = Array.from({ length: 30 }, (_, index) => 1 + index * 577);
    for (const [index, sizeBytes] of sizes.entries())
      endA.send(sizeBytes, { streamId: index % 4, unordered: index % 3 === 0 });
    bench.clock.run(60_000);
    expect(endZ.received.map(({ data }) => data.length).sort((a, b) => a - b)).toEqual(sizes);
    expect(endZ.received.every(({ data }) => data.every((byte) => byte === 120))).toBe(true);
  });

  test('of the largest message that the receiver takes, which is as large as its window', () => {
    const bench = new SctpBench(1);
    const { endA, endZ } = bench.pair();
    endA.send(1_048_576);
    bench.clock.run(3_000);
    expect(endZ.received[0]?.data.length).toBe(1_048_576);
  });
});
