import { describe, expect, test } from 'vitest';
import type { DataChunk } from '../../src/chunks/data.ts';
import { SctpBench } from '../support/sctp-bench.ts';

type Chunk = Partial<DataChunk> & { readonly text?: string };

const ordered = (streamId: number, streamSequence: number, text: string): Chunk => ({
  streamId,
  streamSequence,
  text,
});
const unordered = (text: string, more: Chunk = {}): Chunk => ({ unordered: true, text, ...more });

describe('delivery', () => {
  // What arrives, as TSN and chunk; what the application has been given after each of them.
  test.each<[what: string, arrivals: (readonly [number, Chunk])[], delivered: string[]]>([
    [
      'in order',
      [
        [0, ordered(0, 0, 'a')],
        [1, ordered(0, 1, 'b')],
      ],
      ['a', 'a b'],
    ],
    [
      'out of order waits',
      [
        [1, ordered(0, 1, 'b')],
        [0, ordered(0, 0, 'a')],
      ],
      ['', 'a b'],
    ],
    [
      'of one stream does not wait for another',
      [
        [1, ordered(0, 1, 'b')],
        [2, ordered(1, 0, 'c')],
        [0, ordered(0, 0, 'a')],
      ],
      ['', 'c', 'c a b'],
    ],
    [
      'goes on as far as it can',
      [
        [2, ordered(0, 2, 'c')],
        [1, ordered(0, 1, 'b')],
        [4, ordered(0, 4, 'e')],
        [0, ordered(0, 0, 'a')],
        [3, ordered(0, 3, 'd')],
      ],
      ['', '', '', 'a b c', 'a b c d e'],
    ],
    [
      'of what is unordered does not wait',
      [
        [1, unordered('u')],
        [0, ordered(0, 0, 'a')],
      ],
      ['u', 'u a'],
    ],
    [
      'of what is unordered does not look at its sequence number',
      [
        [0, unordered('u', { streamSequence: 77 })],
        [1, unordered('v', { streamSequence: 77 })],
        [2, ordered(0, 0, 'a')],
      ],
      ['u', 'u v', 'u v a'],
    ],
    [
      'of fragments that are unordered, when they are complete',
      [
        [2, unordered('3', { beginning: false })],
        [4, ordered(0, 0, 'a')],
        [0, unordered('1', { ending: false })],
        [1, unordered('2', { beginning: false, ending: false })],
      ],
      ['', 'a', 'a', 'a 123'],
    ],
    [
      'of fragments waits for all, and then for its turn',
      [
        [2, { ...ordered(0, 1, 'c'), ending: false }],
        [3, { ...ordered(0, 1, 'd'), beginning: false }],
        [1, { ...ordered(0, 0, 'b'), beginning: false }],
        [0, { ...ordered(0, 0, 'a'), ending: false }],
      ],
      ['', '', '', 'ab cd'],
    ],
  ])('%s', (_what, arrivals, delivered) => {
    const bench = new SctpBench(0);
    const { end, peer } = bench.pairWithPeer();
    const seen = arrivals.map(([tsn, chunk]) => {
      peer.send(peer.data(tsn, chunk));
      bench.clock.run(0);
      return end.messages.join(' ');
    });
    expect(seen).toEqual(delivered);
  });

  test('tells stream, payload protocol and order', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    endA.send('x', { streamId: 7, payloadProtocolId: 0xdead_beef, unordered: true });
    bench.clock.run(100);
    expect(endZ.received).toMatchObject([
      { data: new TextEncoder().encode('x'), streamId: 7, payloadProtocolId: 0xdead_beef, unordered: true },
    ]);
  });

  test('is once for each message, whatever comes twice or late', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    bench.double(/DATA|SACK/, 333, 1_000);
    for (let index = 0; index < 100; index += 1) {
      endA.send(`${index}`, { streamId: index % 3, unordered: index % 5 === 0 });
      bench.clock.run(7);
    }
    bench.clock.run(20_000);
    expect([...endZ.messages].sort((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 100 }, (_, index) => `${index}`),
    );
    expect(endZ.association.status().counters.duplicatesReceived).toBeGreaterThan(50);
  });
});

describe('a peer that numbers wrongly is aborted', () => {
  test.each<[what: string, arrivals: (readonly [number, Chunk])[]]>([
    [
      'a sequence number twice, delivered',
      [
        [0, ordered(0, 0, 'a')],
        [1, ordered(0, 0, 'b')],
      ],
    ],
    [
      'a sequence number twice, waiting',
      [
        [1, ordered(0, 1, 'a')],
        [2, ordered(0, 1, 'b')],
      ],
    ],
    [
      'a first fragment after a first fragment',
      [
        [0, { ending: false }],
        [1, { ending: false }],
      ],
    ],
    [
      'fragments of two streams',
      [
        [0, { ending: false, streamId: 1 }],
        [1, { beginning: false, streamId: 2 }],
      ],
    ],
    [
      'fragments with two sequence numbers',
      [
        [0, { ending: false, streamSequence: 0 }],
        [1, { beginning: false, streamSequence: 1 }],
      ],
    ],
    [
      'fragments with and without order',
      [
        [0, { ending: false, streamSequence: 0 }],
        [1, { beginning: false, streamSequence: 0, unordered: true }],
      ],
    ],
  ])('%s', (_what, arrivals) => {
    const bench = new SctpBench(0);
    const { end, peer } = bench.pairWithPeer();
    for (const [tsn, chunk] of arrivals) peer.send(peer.data(tsn, chunk));
    expect(bench.after(1_000).at(-1)).toBe('A > P ABORT protocol-violation');
    expect(end.events).toEqual(['down aborted']);
    bench.clock.run(60_000);
    expect(bench.clock.timerCount).toBe(1);
  });
});
