import { describe, expect, test } from 'vitest';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { writeHeartbeat } from '../../src/chunks/heartbeat.ts';
import { allStates, associationIn } from '../support/association-in.ts';
import { rawChunk } from '../support/raw-chunk.ts';
import { SctpBench } from '../support/sctp-bench.ts';

const noJitter = 0x8000_0000;

/** When lines like this were said. */
function timesOf(bench: SctpBench, pattern: RegExp): number[] {
  return bench.passages.flatMap(({ atMs, text }) => (pattern.test(text) ? [atMs] : []));
}

describe('a HEARTBEAT', () => {
  test('is sent on an idle path every HB.interval and RTO', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const z = bench.endpoint('Z', { parameters: { heartbeatIntervalMs: 0 } });
    a.host.fixedRandom = noJitter;
    a.host.forcedRandoms.push(1, 2); // tag and TSN
    bench.connect(a, z);
    bench.clock.run(100_000);
    expect(timesOf(bench, /^A > Z HEARTBEAT$/)).toEqual([31_040, 62_060, 93_080]); // up at 40 ms, answered in 20 ms
  });

  test.each([
    ['no more than half an RTO less', 0, 500],
    ['no more than half an RTO longer', 0xffff_ffff, 1_500],
  ])('is put off by jitter, %s', (_what, random, extraMs) => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const z = bench.endpoint('Z', { parameters: { heartbeatIntervalMs: 0 } });
    a.host.forcedRandoms.push(1, 2);
    a.host.fixedRandom = random;
    bench.connect(a, z);
    bench.clock.run(40_000);
    expect(timesOf(bench, /^A > Z HEARTBEAT$/).map(Math.round)).toEqual([40 + 30_000 + extraMs]);
  });

  test('is answered at once, with all that it has', () => {
    const bench = new SctpBench();
    const { peer } = bench.pairWithPeer();
    const value = Uint8Array.of(0, 1, 0, 7, 9, 8, 7, 0, 0x80, 99, 0, 8, 1, 2, 3, 4); // an info of 3 bytes, and a further parameter
    peer.send(rawChunk(ChunkType.heartbeat, value));
    expect(bench.after(10)).toEqual(['P > A HEARTBEAT', 'A > P HEARTBEAT ACK']);
    bench.clock.run(10);
    const ack = peer.last;
    ack.next();
    expect(ack.bytes.slice(ack.start + 4, ack.end)).toEqual(value);
  });

  test('is answered where it came from', () => {
    const bench = new SctpBench();
    const { peer } = bench.pairWithPeer({ homes: 2 }, { homes: 2 });
    bench.clock.run(15);
    bench.talk();
    peer.send((packet) => writeHeartbeat(packet, 'heartbeat', Uint8Array.of(1)), {
      from: peer.addresses[1] ?? '',
      to: '10.1.0.1',
    });
    expect(bench.after(15)).toEqual(['P2 > A2 HEARTBEAT', 'A2 > P2 HEARTBEAT ACK']);
  });

  test.each(allStates.filter((state) => state !== 'cookie-wait'))('is answered in %s', (state) => {
    const { bench, end, peer } = associationIn(state);
    peer.send((packet) => writeHeartbeat(packet, 'heartbeat', Uint8Array.of(1)), {
      tag: end.association.localTag,
    });
    expect(bench.after(10)).toEqual(['P > A HEARTBEAT', 'A > P HEARTBEAT ACK']);
  });

  test('that was answered measures the round-trip time and clears error counters', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair({ parameters: { associationMaxRetransmissions: 20 } });
    bench.lose(/A > Z HEARTBEAT$/, 2);
    bench.clock.run(31_000);
    const [firstMs = 0] = timesOf(bench, /A > Z HEARTBEAT$/);
    bench.clock.run(firstMs + 1_500 - bench.clock.nowMs);
    expect(endA.association.status().paths[0]).toMatchObject({ errorCount: 1, rtoMs: 2_000 });
    bench.clock.run(2_000);
    expect(endA.association.status().paths[0]).toMatchObject({
      errorCount: 0,
      smoothedRoundTripTimeMs: 20,
      rtoMs: 1_000,
    });
  });
});

describe('a path is idle, and gets a HEARTBEAT,', () => {
  test('at the side that only receives', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair();
    for (let second = 0; second < 100; second += 1) {
      endA.send('x');
      bench.clock.run(1_000);
    }
    const heartbeats = bench.talk().filter((line) => line.endsWith('HEARTBEAT'));
    expect(heartbeats).toEqual(['Z > A HEARTBEAT', 'Z > A HEARTBEAT', 'Z > A HEARTBEAT']);
  });

  test('not while data goes there, acknowledged or not', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    for (let second = 0; second < 200; second += 1) {
      if (second % 20 === 0) endA.send('x');
      if (second % 20 === 10) endZ.send('y');
      bench.clock.run(1_000);
    }
    expect(bench.talk().filter((line) => line.endsWith('HEARTBEAT'))).toEqual([]);
  });

  test('beside the path that data takes', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair({ homes: 2 }, { homes: 2 });
    for (let second = 0; second < 100; second += 1) {
      endA.send('x');
      bench.clock.run(1_000);
    }
    const heartbeats = bench.talk().filter((line) => /^A.* HEARTBEAT$/.test(line));
    expect(heartbeats.length).toBe(3);
    expect(new Set(heartbeats)).toEqual(new Set(['A2 > Z2 HEARTBEAT']));
  });

  test('again when data stops', () => {
    const bench = new SctpBench();
    const { a, endA } = bench.pair({}, { parameters: { heartbeatIntervalMs: 0 } });
    a.host.fixedRandom = noJitter;
    for (let count = 0; count < 5; count += 1) {
      endA.send('x');
      bench.clock.run(10_000);
    }
    const sentAtMs = timesOf(bench, /A > Z DATA/).at(-1) ?? 0;
    bench.clock.run(60_000);
    const [firstMs = 0] = timesOf(bench, /A > Z HEARTBEAT$/).filter((ms) => ms > sentAtMs);
    expect(firstMs - sentAtMs).toBeGreaterThanOrEqual(30_000);
    expect(firstMs - sentAtMs).toBeLessThanOrEqual(2 * 31_000);
  });
});

describe('HEARTBEATs of an unanswered path', () => {
  test('back off, make it inactive after Path.Max.Retrans, and then the counter stands and they go on', () => {
    const bench = new SctpBench();
    const { endA, z } = bench.pair(
      { homes: 2, parameters: { pathMaxRetransmissions: 2, rtoMaxMs: 5_000 } },
      { homes: 2 },
    );
    bench.clock.run(100);
    bench.lose(/A. > Z2/, Infinity);
    bench.clock.run(400_000);
    const times = timesOf(bench, /A. > Z2 HEARTBEAT$/).slice(1);
    const gaps = times.slice(1).map((ms, index) => ms - (times[index] ?? 0));
    expect(gaps.slice(0, 2)).toEqual([1_000, 2_000]);
    expect(gaps.length).toBeGreaterThan(5);
    const [least, most] = [Math.min(...gaps.slice(2)), Math.max(...gaps.slice(2))];
    expect(least).toBeGreaterThanOrEqual(4_000 + 30_000 + 2_500); // RTO, HB.interval, half an RTO at least
    expect(most).toBeLessThanOrEqual(5_000 + 30_000 + 7_500);
    expect(endA.events).toEqual(['up', `path ${z.addresses[1]} active`, `path ${z.addresses[1]} inactive`]);
    expect(endA.association.status().paths[1]).toMatchObject({ state: 'inactive', errorCount: 3 });
    expect(endA.association.state).toBe('established');
  });

  test('make it active again when one is answered', () => {
    const bench = new SctpBench();
    const { endA, z } = bench.pair({ homes: 2, parameters: { pathMaxRetransmissions: 1 } }, { homes: 2 });
    bench.clock.run(100);
    const heal = bench.lose(/A. > Z2/, Infinity);
    bench.clock.run(60_000);
    heal();
    bench.clock.run(120_000);
    expect(endA.events.slice(2)).toEqual([
      `path ${z.addresses[1]} inactive`,
      `path ${z.addresses[1]} active`,
    ]);
    expect(endA.association.status().paths[1]).toMatchObject({
      state: 'active',
      errorCount: 0,
      rtoMs: 1_000,
    });
  });
});

describe('what the application can ask', () => {
  test('another HB.interval', () => {
    const bench = new SctpBench();
    const { a, endA } = bench.pair({}, { parameters: { heartbeatIntervalMs: 0 } });
    a.host.fixedRandom = noJitter;
    endA.association.setParameters({ heartbeatIntervalMs: 2_000 });
    bench.clock.run(9_500);
    expect(timesOf(bench, /A > Z HEARTBEAT$/).length).toBe(3);
  });

  test('none, and on again', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair(
      { parameters: { heartbeatIntervalMs: 0 } },
      { parameters: { heartbeatIntervalMs: 0 } },
    );
    expect(bench.after(3_600_000)).toEqual([]);
    endA.association.setParameters({ heartbeatIntervalMs: 1_000 });
    expect(bench.after(3_000)).toContain('A > Z HEARTBEAT');
  });

  test('one now', () => {
    const bench = new SctpBench();
    const { endA, z } = bench.pair();
    endA.association.requestHeartbeat(z.addresses[0]);
    expect(bench.after(20)).toEqual(['A > Z HEARTBEAT', 'Z > A HEARTBEAT ACK']);
    expect(endA.association.roundTripTimeMs()).toBe(20);
    expect(() => endA.association.requestHeartbeat('10.9.9.9')).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }) as Error,
    );
  });
});

test.each(['shutdown-sent', 'shutdown-ack-sent'] as const)(
  'in %s there are no HEARTBEATs any more',
  (state) => {
    const { bench, a, peer, end } = associationIn(
      state,
      { homes: 2, parameters: { heartbeatIntervalMs: 500, associationMaxRetransmissions: 3 } },
      { homes: 2 },
    );
    bench.clock.run(1); // the states are reached with HEARTBEATs on their way
    bench.talk();
    expect(end.association.state).toBe(state);
    expect(bench.after(100_000).filter((line) => line.includes('HEARTBEAT'))).toEqual([]);
    expect([peer.addresses.length, a.addresses.length]).toEqual([2, 2]);
  },
);
