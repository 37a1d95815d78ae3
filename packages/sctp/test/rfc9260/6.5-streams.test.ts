import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { decodeData } from '../../src/chunks/data.ts';
import type { DataChunk } from '../../src/chunks/data.ts';
import { decodeError } from '../../src/chunks/error.ts';
import { opened, withChecksum } from '../support/packets.ts';
import { SctpBench } from '../support/sctp-bench.ts';

/** All DATA chunks that A has sent, in the order of sending. */
function dataOf(bench: SctpBench): DataChunk[] {
  return bench.passages.flatMap(({ packet, text }) => {
    const reader = opened(packet);
    const chunks: DataChunk[] = [];
    while (text.startsWith('A') && reader.next())
      if (reader.type === ChunkType.data) chunks.push(decodeData(reader));
    return chunks;
  });
}

describe('stream sequence numbers (section 6.5)', () => {
  test('count the ordered messages of each stream from 0', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair();
    for (const [streamId, unordered] of [
      [0, false],
      [5, false],
      [0, true],
      [0, false],
      [5, true],
      [5, false],
      [0, false],
    ] as const)
      endA.send('x', { streamId, unordered });
    bench.clock.run(100);
    const ordered = dataOf(bench).filter(({ unordered }) => !unordered);
    expect(ordered.map(({ streamId, streamSequence }) => [streamId, streamSequence])).toEqual([
      [0, 0],
      [5, 0],
      [0, 1],
      [5, 1],
      [0, 2],
    ]);
  });

  test('are the same for all fragments of a message (section 6.9)', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair();
    endA.send(4_000, { streamId: 3 });
    endA.send(4_000, { streamId: 3 });
    bench.clock.run(100);
    expect(dataOf(bench).map(({ streamSequence }) => streamSequence)).toEqual([0, 0, 0, 1, 1, 1]);
  });

  test('wrap from 65,535 to 0: 66,000 messages arrive in order', () => {
    const bench = new SctpBench(1);
    const { endA, endZ } = bench.pair();
    endA.association.setParameters({ maxBurstPackets: 40 });
    const count = 66_000;
    for (let index = 0; index < count; index += 1) endA.send(`${index}`, { streamId: 1 });
    bench.lose(/DATA 200\d\d/, 3);
    bench.lose(/DATA 655\d\d/, 3);
    bench.clock.run(60_000);
    expect(endZ.messages.length).toBe(count);
    expect(endZ.messages.every((text, index) => text === String(index))).toBe(true);
    const last = new Map(
      dataOf(bench).map(({ userData, streamSequence }) => [
        new TextDecoder().decode(userData),
        streamSequence,
      ]),
    );
    expect(['65535', '65536', '65537'].map((text) => last.get(text))).toEqual([65_535, 0, 1]);
  });
});

describe('DATA for a stream that there is not', () => {
  test('is acknowledged, reported at once and dropped', () => {
    const bench = new SctpBench();
    const { end, peer } = bench.pairWithPeer({ streams: { inbound: 4 } });
    peer.send(peer.data(0, { streamId: 4 }));
    expect(bench.after(25)).toEqual([
      'P > A DATA 0',
      'A > P ERROR invalid-stream-identifier',
      'A > P SACK 0',
    ]);
    const error = peer.received.at(-2);
    error?.rewind();
    expect(error?.next()).toBe(true);
    expect(error && decodeError(error).causes).toEqual([{ code: 'invalid-stream-identifier', streamId: 4 }]);
    expect(end.messages).toEqual([]);
    expect(end.association.state).toBe('established');
    peer.send(peer.data(1, { streamId: 3, streamSequence: 0, text: 'good' }));
    bench.clock.run(15);
    expect(end.messages).toEqual(['good']);
  });

  test('is acknowledged while everything is held: it takes no room', () => {
    const bench = new SctpBench();
    const { end, peer } = bench.pairWithPeer({
      streams: { inbound: 1 },
      limits: { receiveWindowBytes: 2_000 },
    });
    for (let tsn = 0; tsn < 100; tsn += 1)
      peer.send(peer.data(tsn, { streamId: 9, text: 'x'.repeat(1_000) }));
    bench.clock.run(400);
    expect(end.association.status().heldBytes).toBe(0);
    expect(bench.talk()).toContain('A > P SACK 99');
  });
});

describe('the application is told of errors that the peer reports', () => {
  test('one by one', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair({ streams: { outbound: 5 } }, { streams: { inbound: 5 } });
    bench.alter(/DATA 0/, (packet) => {
      new DataView(packet.buffer, packet.byteOffset).setUint16(12 + 8, 77);
      withChecksum(packet);
    });
    endA.send('x');
    bench.clock.run(1_000);
    expect(endZ.messages).toEqual([]);
    expect(endA.events).toEqual(['up', 'peer error invalid-stream-identifier']);
  });
});
