import { describe, expect, test } from 'vitest';
import { associationIn } from '../support/association-in.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { SctpBench } from '../support/sctp-bench.ts';
import type { TestEndpointOptions } from '../support/sctp-bench.ts';
import type { TestEnd } from '../support/test-end.ts';

/** An association with a scripted peer whose window is so large. */
function withWindow(
  windowBytes: number,
  options: TestEndpointOptions = {},
): { bench: SctpBench; end: TestEnd; peer: RawPeer } {
  const bench = new SctpBench();
  const a = bench.endpoint('A', {
    parameters: { heartbeatIntervalMs: 0, ...options.parameters },
    ...options,
  });
  const peer = bench.peer('P');
  peer.windowBytes = windowBytes;
  const end = bench.open(peer, a);
  bench.talk();
  return { bench, end, peer };
}

const timed = (bench: SctpBench, from: number): string[] =>
  bench.passages.slice(from).map(({ atMs, text }) => `${atMs} ${text}`);

describe('rule A: the window of the peer', () => {
  test('lets out what it has room for, and not a part of a message', () => {
    const { bench, end, peer } = withWindow(1_500);
    for (let count = 0; count < 4; count += 1) end.send(600);
    expect(bench.after(500)).toEqual(['A > P DATA 0, DATA 1']);
    peer.send(peer.sack(0, { window: 1_500 - 600 })); // 600 bytes are still on their way
    expect(bench.after(20).slice(1)).toEqual([]);
    peer.send(peer.sack(0, { window: 1_500 }));
    expect(bench.after(15).slice(1)).toEqual(['A > P DATA 2']);
    expect(end.association.status()).toMatchObject({
      peerWindowBytes: 300,
      unsentBytes: 600,
      unacknowledgedBytes: 1_200,
    });
  });

  test('is what the SACK says less what is on its way', () => {
    const { bench, end, peer } = withWindow(10_000);
    end.send(1_000);
    end.send(1_000);
    bench.clock.run(20);
    expect(end.association.status().peerWindowBytes).toBe(8_000);
    peer.send(peer.sack(0, { window: 5_000 }));
    bench.clock.run(10);
    expect(end.association.status().peerWindowBytes).toBe(4_000);
    peer.send(peer.sack(1, { window: 5_000 }));
    bench.clock.run(10);
    expect(end.association.status().peerWindowBytes).toBe(5_000);
  });

  test('an older SACK does not change it (section 6.2.1, D i)', () => {
    const { bench, end, peer } = withWindow(10_000);
    end.send(1_000);
    end.send(1_000);
    bench.clock.run(20);
    peer.send(peer.sack(1, { window: 3_000 }));
    peer.send(peer.sack(0, { window: 9_000 }));
    bench.clock.run(20);
    expect(end.association.status().peerWindowBytes).toBe(3_000);
  });

  test('closed: the first probe after an RTO, then at doubled intervals; while SACKs come nothing is wrong', () => {
    const { bench, end, peer } = withWindow(1_500, {
      parameters: { heartbeatIntervalMs: 0, associationMaxRetransmissions: 3, rtoMaxMs: 8_000 },
    });
    end.send(1_452);
    bench.clock.run(15);
    peer.send(peer.sack(0, { window: 0 }));
    bench.clock.run(10);
    const from = bench.passages.length;
    const startMs = bench.clock.nowMs;
    end.send('one');
    end.send('two');
    for (let count = 0; count < 60_000; count += 10) {
      bench.clock.run(10);
      if (bench.talk().some((line) => line.startsWith('A > P DATA 1')))
        peer.send(peer.sack(0, { window: 0 }));
    }
    const probes = timed(bench, from).filter((line) => line.includes('A > P'));
    expect(probes.every((line) => /A > P DATA 1( I)?$/.test(line))).toBe(true); // one chunk, always the same
    const timesMs = probes.map((line) => Number(line.split(' ')[0]) - startMs);
    expect(timesMs.slice(0, 5)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
    const { state, paths } = end.association.status();
    expect(state).toBe('established');
    expect(paths[0]).toMatchObject({ state: 'active', errorCount: 0 });
    expect(paths[0]?.congestionWindowBytes).toBeGreaterThanOrEqual(4_380); // probes say nothing of the network
    peer.send(peer.sack(0, { window: 10_000 }));
    bench.clock.run(30_000);
    expect(bench.talk().filter((line) => line.startsWith('A'))).not.toEqual([]);
  });

  test('closed, and each probe is taken: the next comes after twice the time', () => {
    const { bench, end, peer } = withWindow(1_500, {
      parameters: { heartbeatIntervalMs: 0, rtoMaxMs: 8_000 },
    });
    end.send(1_452);
    bench.clock.run(15);
    peer.send(peer.sack(0, { window: 0 }));
    bench.clock.run(10);
    const from = bench.passages.length;
    const startMs = bench.clock.nowMs;
    for (let count = 0; count < 10; count += 1) end.send('x');
    peer.windowBytes = 0;
    peer.acknowledges = true;
    bench.clock.run(50_000);
    const probes = bench.passages.slice(from).filter(({ text }) => text.startsWith('A'));
    expect(probes.map(({ text }) => Number(/DATA (\d+)/.exec(text)?.[1]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const gaps = probes.map(({ atMs }, index) => atMs - (probes[index - 1]?.atMs ?? startMs));
    expect(gaps.map((ms) => Math.floor(ms / 1_000))).toEqual([1, 2, 4, 8, 8, 8, 8, 8]);
  });

  test('closed, and nobody answers the probes: the peer is lost', () => {
    const { bench, end, peer } = withWindow(1_500, {
      parameters: { heartbeatIntervalMs: 0, associationMaxRetransmissions: 3 },
    });
    end.send(1_452);
    bench.clock.run(15);
    peer.send(peer.sack(0, { window: 0 }));
    bench.clock.run(10);
    end.send('one');
    bench.clock.run(120_000);
    expect(end.events).toEqual(['down lost']);
    expect(end.undelivered.length).toBe(1);
  });

  test('closed: no probe while something is on its way', () => {
    const { bench, end, peer } = withWindow(100_000);
    end.send('0');
    end.send('1');
    bench.clock.run(15);
    peer.send(peer.sack(0, { window: 0 })); // 1 is not acknowledged
    bench.clock.run(15);
    end.send('2');
    bench.talk();
    const talk = bench.after(5_000);
    expect(talk.length).toBeGreaterThan(1);
    expect(talk.every((line) => /^A > P DATA 1( I)?$/.test(line))).toBe(true); // T3-rtx
  });

  test('opens: what waits goes at once', () => {
    const { bench, end, peer } = withWindow(1_500);
    end.send(1_452);
    bench.clock.run(15);
    peer.send(peer.sack(0, { window: 0 }));
    bench.clock.run(10);
    end.send('one');
    end.send('two');
    bench.clock.run(100);
    bench.talk();
    peer.send(peer.sack(0, { window: 1_500 }));
    expect(bench.after(10).slice(1)).toEqual(['A > P DATA 1, DATA 2']);
  });
});

describe('rule B: the congestion window', () => {
  test.each([
    [1_452, 3], // 3 x 1,468 bytes of chunk fill 4,404
    [1_000, 5], // 4 x 1,016 do not, so one packet more may go
    [1_300, 4],
  ])('messages of %i bytes: %i packets before the first acknowledgement', (sizeBytes, packets) => {
    const { bench, end } = withWindow(1_000_000);
    for (let count = 0; count < 20; count += 1) {
      end.send(sizeBytes);
      bench.clock.run(1);
    }
    const sent = bench.talk().filter((line) => line.includes('DATA'));
    expect(sent.length).toBe(packets);
    expect(sent.at(-1)).toBe(`A > P DATA ${packets - 1} I`); // it fills the window: it asks for an answer
  });
});

describe('rule C: what was lost goes before what is new', () => {
  test('after a timeout', () => {
    const { bench, end, peer } = withWindow(1_000_000);
    for (let count = 0; count < 5; count += 1) end.send(1_452);
    bench.clock.run(900);
    bench.talk();
    expect(bench.after(200)).toEqual(['A > P DATA 0 I']);
    peer.send(peer.sack(0));
    bench.clock.run(30);
    peer.send(peer.sack(1));
    bench.clock.run(30);
    peer.send(peer.sack(2));
    bench.clock.run(30);
    const order = bench.talk().filter((line) => line.startsWith('A'));
    expect(order.map((line) => Number(/DATA (\d)/.exec(line)?.[1]))).toEqual([1, 2, 3, 4]);
  });

  test('in the same packet, with new data behind', () => {
    const { bench, end } = withWindow(1_000_000);
    end.send(100);
    bench.clock.run(500);
    bench.talk();
    bench.clock.run(510 - 20);
    end.send(200);
    bench.lose(/DATA 1/, 1);
    bench.clock.run(500);
    const [, ...later] = bench.talk();
    expect(later).toEqual(['A > P DATA 0 I, DATA 1 I']);
  });
});

describe('rule D: Max.Burst', () => {
  test.each([
    [4, 4],
    [2, 2],
  ])('%i: one acknowledgement lets out %i packets at most', (maxBurstPackets, packets) => {
    const { bench, end, peer } = withWindow(10_000_000, {
      parameters: { heartbeatIntervalMs: 0, maxBurstPackets },
    });
    grow(bench, end, peer, 30_000);
    for (let count = 0; count < 50; count += 1) end.send(1_452);
    bench.clock.run(15);
    bench.talk();
    peer.send(peer.sack(peer.highestTsn));
    expect(bench.after(15).filter((line) => line.startsWith('A')).length).toBe(packets);
  });
});

describe('limits of what may be outstanding', () => {
  test('no more than 65,535 ordered messages of a stream', () => {
    const { bench, end, peer } = withWindow(0xffff_ffff, {
      parameters: { heartbeatIntervalMs: 0, maxBurstPackets: 50, rtoInitialMs: 60_000, rtoMinMs: 60_000 },
    });
    grow(bench, end, peer, 1_500_000);
    const acknowledged = peer.highestTsn;
    for (let count = 0; count < 70_000; count += 1) end.send(1);
    for (let count = 0; count < 200; count += 1) {
      peer.send(peer.sack(acknowledged));
      bench.clock.run(20);
    }
    expect(peer.highestTsn - acknowledged).toBeGreaterThan(30_000);
    expect(peer.highestTsn - acknowledged).toBeLessThanOrEqual(65_535);
  });
});

describe('an acknowledgement that is due goes with DATA', () => {
  test('before it', () => {
    const { bench, end, peer } = withWindow(100_000);
    peer.send(peer.data(0));
    bench.clock.run(15);
    peer.send(peer.data(1));
    bench.clock.run(15);
    bench.talk();
    end.send('answer');
    expect(bench.after(0)).toEqual(['A > P SACK 1, DATA 0']);
    expect(bench.after(900)).toEqual([]);
  });

  test('in a packet of its own where both do not fit one: nothing stalls', () => {
    const { bench, end, peer } = withWindow(100_000);
    peer.send(peer.data(0));
    bench.clock.run(15);
    peer.send(peer.data(1));
    bench.clock.run(15);
    bench.talk();
    end.send(1_452);
    expect(bench.after(0)).toEqual(['A > P SACK 1', 'A > P DATA 0']);
    expect(bench.passages.every(({ packet }) => packet.length <= 1_480)).toBe(true);
  });
});

describe('the I bit is set', () => {
  const isImmediate = (bench: SctpBench, tsn: number): boolean =>
    bench.passages.some(({ text }) => new RegExp(`DATA ${tsn}( first| last)? I`).test(text));

  test('where the application wants it, on the last fragment', () => {
    const { bench, end } = withWindow(100_000);
    end.send(3_000, { immediate: true });
    bench.clock.run(10);
    expect([0, 1, 2].map((tsn) => isImmediate(bench, tsn))).toEqual([false, false, true]);
  });

  test('while SHUTDOWN waits for the acknowledgement', () => {
    const { bench, end } = withWindow(100_000);
    end.send('last');
    end.association.close();
    bench.clock.run(10);
    expect(isImmediate(bench, 0)).toBe(true);
  });

  test('not otherwise', () => {
    const { bench, end } = withWindow(100_000);
    end.send('x');
    bench.clock.run(10);
    expect(isImmediate(bench, 0)).toBe(false);
  });
});

describe('DATA is sent in no other state (section 6)', () => {
  test.each(['cookie-wait', 'cookie-echoed', 'shutdown-sent', 'shutdown-ack-sent'] as const)(
    'not in %s',
    (state) => {
      const { bench, end } = associationIn(state);
      end.send('x');
      expect(bench.after(900).filter((line) => line.includes('DATA'))).toEqual([]);
    },
  );

  test('nothing new in shutdown-pending and shutdown-received', () => {
    for (const state of ['shutdown-pending', 'shutdown-received'] as const) {
      const { bench, end, peer } = associationIn(state);
      expect(end.send('x')).toBe(true);
      peer.send(peer.sack(0));
      expect(bench.after(50).filter((line) => line.includes('DATA 1'))).toEqual([]);
    }
  });
});

describe('small messages', () => {
  test('go at once by default, and wait for an acknowledgement with Nagle’s algorithm', () => {
    for (const noDelay of [true, false]) {
      const { bench, end, peer } = withWindow(100_000, { parameters: { heartbeatIntervalMs: 0, noDelay } });
      end.send('0');
      bench.clock.run(15);
      end.send('1');
      bench.clock.run(15);
      expect(bench.talk()).toEqual(noDelay ? ['A > P DATA 0', 'A > P DATA 1'] : ['A > P DATA 0']);
      end.send('2');
      peer.send(peer.sack(noDelay ? 1 : 0));
      bench.clock.run(15);
      expect(bench.talk().filter((line) => line.startsWith('A'))).toEqual([
        noDelay ? 'A > P DATA 2' : 'A > P DATA 1, DATA 2',
      ]);
    }
  });
});

/** Sends and acknowledges until the congestion window is that large and nothing is on its way. */
function grow(bench: SctpBench, end: TestEnd, peer: RawPeer, windowBytes: number): void {
  peer.acknowledges = true;
  for (
    let rounds = 0;
    (end.association.status().paths[0]?.congestionWindowBytes ?? 0) < windowBytes;
    rounds += 1
  ) {
    if (rounds > 100) throw new Error('the congestion window does not grow');
    while (end.association.status().unsentBytes < windowBytes) end.send(1_452);
    bench.clock.run(20);
  }
  bench.clock.run(1_000);
  peer.acknowledges = false;
  bench.talk();
}
