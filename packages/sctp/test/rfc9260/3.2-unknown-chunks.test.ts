import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { decodeError } from '../../src/chunks/error.ts';
import { rawChunk } from '../support/raw-chunk.ts';
import { SctpBench } from '../support/sctp-bench.ts';

/** Type, whether what follows it in the packet is processed, whether it is reported. */
const unknown: [what: string, type: number, goesOn: boolean, isReported: boolean][] = [
  ['00: stop', 62, false, false],
  ['01: stop and report', 126, false, true],
  ['10: skip', 190, true, false],
  ['11: skip and report', 254, true, true],
  ['ECNE, which is reserved', ChunkType.ecne, false, false],
  ['CWR, which is reserved', ChunkType.cwr, false, false],
  ['AUTH, which is not supported', ChunkType.auth, false, false],
  ['ASCONF, which was not announced', ChunkType.asconf, true, true],
  ['ASCONF ACK, which was not announced', ChunkType.asconfAck, true, false],
  ['FORWARD TSN, which was not announced', ChunkType.forwardTsn, true, true],
  ['RE-CONFIG, which was not announced', ChunkType.reConfig, true, false],
  ['PAD', ChunkType.pad, true, false],
];

describe('a chunk of unknown type', () => {
  test.each(unknown)('%s', (_what, type, goesOn, isReported) => {
    const bench = new SctpBench();
    const { end, peer } = bench.pairWithPeer();
    peer.send([
      peer.data(0, { text: 'before' }),
      rawChunk(type, new Uint8Array(8)),
      peer.data(1, { text: 'after' }),
    ]);
    const talk = bench.after(500);
    expect(end.messages).toEqual(goesOn ? ['before', 'after'] : ['before']);
    expect(talk.includes('A > P ERROR unrecognized-chunk-type')).toBe(isReported);
    expect(end.association.state).toBe('established');
  });

  test('is reported complete with type, flags and length', () => {
    const bench = new SctpBench();
    const { peer } = bench.pairWithPeer();
    peer.send(rawChunk(254, Uint8Array.of(1, 2, 3, 4, 5), 0x77));
    bench.clock.run(500);
    const error = peer.last;
    expect(error.next()).toBe(true);
    expect(decodeError(error).causes).toEqual([
      { code: 'unrecognized-chunk-type', chunk: Uint8Array.of(254, 0x77, 0, 9, 1, 2, 3, 4, 5) },
    ]);
  });

  test('makes no ERROR that does not fit a packet', () => {
    const bench = new SctpBench();
    const { peer } = bench.pairWithPeer();
    peer.send(rawChunk(254, new Uint8Array(1_400)));
    bench.clock.run(500);
    expect(peer.last.bytes.length).toBeLessThan(300);
  });
});

describe('a known chunk', () => {
  test('may have flags that are reserved', () => {
    const bench = new SctpBench();
    const { peer } = bench.pairWithPeer();
    const info = Uint8Array.of(0, 1, 0, 8, 1, 2, 3, 4);
    peer.send(rawChunk(ChunkType.heartbeat, info, 0xff));
    expect(bench.after(100)).toEqual(['P > A HEARTBEAT', 'A > P HEARTBEAT ACK']);
  });

  test('may be padded with anything, and is not read with its padding', () => {
    const bench = new SctpBench();
    const { end, peer } = bench.pairWithPeer();
    peer.send([
      (packet) => {
        peer.data(0, { text: 'a' })(packet);
        packet.bytes.fill(0xff, 12 + 17, 12 + 20);
      },
      peer.data(1, { text: 'b' }),
    ]);
    bench.clock.run(500);
    expect(end.messages).toEqual(['a', 'b']);
  });

  test('is padded with at most three zero bytes', () => {
    const bench = new SctpBench();
    const { end, peer } = bench.pairWithPeer();
    for (const size of [1, 2, 3, 4, 5]) {
      end.send(size);
      bench.clock.run(10);
      const { bytes } = peer.last;
      expect(bytes.length).toBe(12 + 16 + Math.ceil(size / 4) * 4);
      expect([...bytes.subarray(12 + 16 + size)].every((byte) => byte === 0)).toBe(true);
    }
  });
});
