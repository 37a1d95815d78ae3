import { describe, expect, test } from 'vitest';
import { CongestionWindow } from '../../src/association/congestion-window.ts';
import type { PathStatus } from '../../src/association/association-status.ts';
import { SctpBench } from '../support/sctp-bench.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import type { TestEnd } from '../support/test-end.ts';

/** PMDCS of a path with 1,480 bytes. */
const full = 1_468;

describe('slow start (section 7.2.1)', () => {
  test.each([
    [1_468, false, 4_404],
    [1_468, true, 4_344],
    [500, false, 2_000],
    [3_000, false, 6_000],
    [9_000, true, 18_000],
  ])('PMDCS %i, IPv6: %s: the initial window is %i', (pmdcs, isIpv6, windowBytes) => {
    const window = new CongestionWindow(pmdcs, isIpv6);
    expect(window.windowBytes).toBe(windowBytes);
    expect(window.slowStartThresholdBytes).toBeGreaterThanOrEqual(0xffff_ffff);
  });

  test.each<[what: string, ackedBytes: number, flightBytes: number, inFastRecovery: boolean, gain: number]>([
    ['by what is acknowledged', 1_000, 4_404, false, 1_000],
    ['by no more than a packet', 4_404, 4_404, false, full],
    ['not when the window was not used up', 1_000, 4_403, false, 0],
    ['not in Fast Recovery', 1_000, 4_404, true, 0],
  ])('grows %s', (_what, ackedBytes, flightBytes, inFastRecovery, gain) => {
    const window = new CongestionWindow(full, false);
    window.acknowledged(ackedBytes, flightBytes, inFastRecovery);
    expect(window.windowBytes).toBe(4_404 + gain);
  });

  test('an idle path halves its window once for each RTO, down to 4 packets; ssthresh remembers it', () => {
    const window = new CongestionWindow(full, false);
    for (let count = 0; count < 20; count += 1) window.acknowledged(full, window.windowBytes, false);
    const before = window.windowBytes;
    window.idle(999, 1_000);
    expect(window.windowBytes).toBe(before);
    window.idle(1_000, 1_000);
    expect([window.windowBytes, window.slowStartThresholdBytes]).toEqual([before / 2, before]);
    window.idle(2_000, 1_000);
    expect([window.windowBytes, window.slowStartThresholdBytes]).toEqual([
      Math.max(before / 8, 4 * full),
      before,
    ]);
    window.idle(1_000_000, 1_000);
    expect(window.windowBytes).toBe(4 * full);
  });

  test('an idle path does not widen a small window', () => {
    const window = new CongestionWindow(full, false);
    window.timedOut();
    window.idle(1_000_000, 1_000);
    expect(window.windowBytes).toBe(full);
  });
});

describe('congestion avoidance (section 7.2.2)', () => {
  /** Beyond ssthresh, which is 4 packets. */
  function avoiding(): CongestionWindow {
    const window = new CongestionWindow(full, false);
    window.lossReported();
    window.acknowledged(full, window.windowBytes, false);
    expect([window.windowBytes, window.slowStartThresholdBytes]).toEqual([5 * full, 4 * full]);
    return window;
  }

  test('grows by a packet when a window full of bytes was acknowledged', () => {
    const window = avoiding();
    const grown: number[] = [];
    for (let packet = 0; packet < 11; packet += 1) {
      window.acknowledged(full, window.windowBytes, false);
      grown.push(window.windowBytes / full);
    }
    expect(grown).toEqual([5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 7]);
  });

  test('grows at most by one packet for an acknowledgement', () => {
    const window = avoiding();
    window.acknowledged(30 * full, window.windowBytes, false);
    expect(window.windowBytes).toBe(6 * full);
  });

  test('does not grow while the window is not used up, and remembers no more than a window of it', () => {
    const window = avoiding();
    for (let packet = 0; packet < 50; packet += 1) window.acknowledged(full, window.windowBytes - 1, false);
    expect(window.windowBytes).toBe(5 * full);
    window.acknowledged(full, window.windowBytes, false);
    expect(window.windowBytes).toBe(6 * full);
    window.acknowledged(full, window.windowBytes, false);
    expect(window.windowBytes).toBe(6 * full);
  });

  test('begins anew when everything is acknowledged', () => {
    const window = avoiding();
    for (let packet = 0; packet < 4; packet += 1) window.acknowledged(full, window.windowBytes, false);
    window.allAcknowledged();
    window.acknowledged(full, window.windowBytes, false);
    expect(window.windowBytes).toBe(5 * full);
  });
});

describe('loss (section 7.2.3)', () => {
  test.each([
    [4, 4],
    [7, 4],
    [8, 4],
    [20, 10],
  ])('at a window of %i packets that SACKs tell: ssthresh and window are %i', (packets, halved) => {
    const window = new CongestionWindow(full, false);
    window.acknowledged(full, window.windowBytes, false);
    while (window.windowBytes < packets * full) window.acknowledged(full, window.windowBytes, false);
    window.lossReported();
    expect([window.windowBytes, window.slowStartThresholdBytes]).toEqual([halved * full, halved * full]);
  });

  test('that the timer tells: the window is one packet', () => {
    const window = new CongestionWindow(full, false);
    while (window.windowBytes < 20 * full) window.acknowledged(full, window.windowBytes, false);
    window.timedOut();
    expect([window.windowBytes, window.slowStartThresholdBytes]).toEqual([full, 10 * full]);
    window.acknowledged(full, full, false); // slow start again
    expect(window.windowBytes).toBe(2 * full);
  });
});

/** A has sent full packets, TSNs 0 to count - 1, within its window. */
function withPackets(count: number): { bench: SctpBench; end: TestEnd; peer: RawPeer } {
  const bench = new SctpBench();
  const { end, peer } = bench.pairWithPeer({ parameters: { heartbeatIntervalMs: 0, maxBurstPackets: 100 } });
  peer.windowBytes = 1_000_000;
  peer.send(peer.sack(-1));
  peer.acknowledges = true;
  while (pathOf(end).congestionWindowBytes < (count + 1) * full) {
    while (end.association.status().unsentBytes < 100_000) end.send(1_452);
    bench.clock.run(20);
  }
  bench.clock.run(2_000);
  peer.acknowledges = false;
  peer.remote.initialTsn = (peer.remote.initialTsn + peer.highestTsn + 1) >>> 0; // count from here
  peer.highestTsn = -1;
  for (let index = 0; index < count; index += 1) {
    end.send(1_452);
    bench.clock.run(1);
  }
  bench.clock.run(20);
  bench.talk();
  return { bench, end, peer };
}

function pathOf(end: TestEnd): PathStatus {
  const [path] = end.association.status().paths;
  if (path === undefined) throw new Error('no path');
  return path;
}

describe('fast retransmit (section 7.2.4)', () => {
  const resent = ({ bench, end }: { bench: SctpBench; end: TestEnd }): number => {
    bench.clock.run(10);
    return end.association.status().counters.dataChunksRetransmitted;
  };

  test('on the third miss indication, not before', () => {
    const association = withPackets(8);
    const { peer } = association;
    peer.send(peer.sack(-1, { gaps: '1' }));
    expect(resent(association)).toBe(0);
    peer.send(peer.sack(-1, { gaps: '1-2' }));
    expect(resent(association)).toBe(0);
    peer.send(peer.sack(-1, { gaps: '1-3' }));
    expect(resent(association)).toBe(1);
  });

  test('SACKs that newly acknowledge nothing beyond are no indications (HTNA)', () => {
    const association = withPackets(8);
    const { bench, peer } = association;
    for (let count = 0; count < 10; count += 1) peer.send(peer.sack(-1, { gaps: '1' }));
    expect(resent(association)).toBe(0);
    bench.talk();
    expect(bench.after(300)).toEqual([]);
  });

  test('only what is before the highest newly acknowledged TSN is missed', () => {
    const { bench, end, peer } = withPackets(8);
    peer.send(peer.sack(-1, { gaps: '6' })); // 0 to 5 are missed once
    peer.send(peer.sack(-1, { gaps: '1 6' })); // 0 twice
    peer.send(peer.sack(-1, { gaps: '1-2 6' })); // 0 for the third time
    bench.clock.run(10);
    expect(end.association.status().counters).toMatchObject({
      fastRetransmissions: 1,
      dataChunksRetransmitted: 1,
    });
  });

  test('halves the window, whatever it allows the first packet goes; more lost packets of the same window halve nothing', () => {
    const { bench, end, peer } = withPackets(12);
    const before = pathOf(end).congestionWindowBytes;
    for (const last of [5, 6, 7]) peer.send(peer.sack(-1, { gaps: `2-3 5-${last}` }));
    bench.clock.run(10);
    // 0, 1 and 4 are lost; half of the window is more than what is on its way.
    expect(pathOf(end).congestionWindowBytes).toBe(Math.max(before / 2, 4 * full));
    const halved = pathOf(end).congestionWindowBytes;
    for (const last of [9, 10, 11]) peer.send(peer.sack(-1, { gaps: `2-3 5-7 9-${last}` })); // 8 too
    bench.clock.run(10);
    expect(end.association.status().counters.dataChunksRetransmitted).toBe(4);
    expect(pathOf(end).congestionWindowBytes).toBe(halved);
    expect(pathOf(end).slowStartThresholdBytes).toBe(halved);
  });

  test('the first packet goes although the window is full', () => {
    const { bench, end, peer } = withPackets(12);
    for (let count = 0; count < 40; count += 1) end.send(1_452);
    bench.clock.run(20);
    bench.talk();
    for (const last of [1, 2, 3]) peer.send(peer.sack(-1, { gaps: `1-${last}` }));
    bench.clock.run(10);
    const { flightBytes, congestionWindowBytes } = pathOf(end);
    expect(flightBytes).toBeGreaterThan(congestionWindowBytes);
    expect(end.association.status().counters.dataChunksRetransmitted).toBe(1);
  });

  test('ends when the exit point is acknowledged: the next loss halves again', () => {
    const { bench, end, peer } = withPackets(12);
    for (const last of [1, 2, 3]) peer.send(peer.sack(-1, { gaps: `1-${last}` }));
    bench.clock.run(20);
    const halved = pathOf(end).congestionWindowBytes;
    peer.send(peer.sack(11)); // all that was out when the loss was found
    bench.clock.run(10);
    for (let count = 0; count < 8; count += 1) {
      end.send(1_452);
      bench.clock.run(1);
    }
    for (const last of [13, 14, 15]) peer.send(peer.sack(11, { gaps: `13-${last}` }));
    bench.clock.run(10);
    expect(pathOf(end).congestionWindowBytes).toBe(Math.max(halved / 2, 4 * full));
    expect(pathOf(end).congestionWindowBytes).toBeLessThan(halved);
  });

  test('in Fast Recovery a SACK that advances counts for all that is missing', () => {
    const { bench, end, peer } = withPackets(12);
    for (const last of [5, 6, 7]) peer.send(peer.sack(-1, { gaps: `2-3 5-${last}` })); // 0, 1, 4 are lost
    bench.clock.run(10);
    expect(end.association.status().counters.dataChunksRetransmitted).toBe(3);
    peer.send(peer.sack(-1, { gaps: '2-3 5-7 9' })); // 8 is missed once
    peer.send(peer.sack(3, { gaps: '5-7 9' })); // advances: twice
    peer.send(peer.sack(7, { gaps: '9' })); // advances: thrice
    bench.clock.run(10);
    expect(end.association.status().counters.dataChunksRetransmitted).toBe(4);
  });

  test('the window does not grow meanwhile', () => {
    const { bench, end, peer } = withPackets(12);
    for (let count = 0; count < 40; count += 1) end.send(1_452);
    for (const last of [1, 2, 3]) peer.send(peer.sack(-1, { gaps: `1-${last}` }));
    bench.clock.run(20);
    const halved = pathOf(end).congestionWindowBytes;
    for (const last of [4, 5, 6, 7, 8]) peer.send(peer.sack(-1, { gaps: `1-${last}` }));
    bench.clock.run(20);
    expect(pathOf(end).congestionWindowBytes).toBe(halved);
  });

  test('each path that has lost something is halved', () => {
    const bench = new SctpBench();
    const { end, peer } = bench.pairWithPeer(
      { homes: 2, parameters: { heartbeatIntervalMs: 0 } },
      { homes: 2, answersHeartbeats: true },
    );
    peer.windowBytes = 1_000_000;
    const [first, second = ''] = peer.addresses;
    bench.clock.run(1_000);
    for (const address of [first, second]) {
      end.association.setPrimary(address);
      peer.acknowledges = true;
      for (let count = 0; count < 200; count += 1) end.send(1_452);
      bench.clock.run(400);
      peer.acknowledges = false;
    }
    expect(end.association.status().unacknowledgedBytes).toBe(0);
    const base = peer.highestTsn;
    end.association.setPrimary(first);
    end.send(1_452); // 1, lost on the first path
    bench.clock.run(5);
    end.association.setPrimary(second);
    for (let count = 0; count < 4; count += 1) {
      end.send(1_452); // 2, lost on the second path; 3, 4, 5
      bench.clock.run(1);
    }
    bench.clock.run(10);
    const before = end.association.status().paths.map(({ congestionWindowBytes }) => congestionWindowBytes);
    expect(Math.min(...before)).toBeGreaterThan(4 * full);
    for (const last of [3, 4, 5])
      peer.send(peer.sack(base, { gaps: `${base + 3}-${base + last}` }), { from: second, to: '10.1.0.1' });
    bench.clock.run(11);
    expect(end.association.status().counters.dataChunksRetransmitted).toBe(2);
    const after = end.association.status().paths.map(({ congestionWindowBytes }) => congestionWindowBytes);
    expect(after).toEqual(before.map((bytes) => Math.max(bytes / 2, 4 * full)));
  });
});

describe('over a whole transfer', () => {
  test('one lost packet in a hundred is repaired without a timeout', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    for (let lost = 0; lost < 10; lost += 1) bench.lose(new RegExp(`DATA ${lost * 100 + 50}\\b`));
    for (let count = 0; count < 1_000; count += 1) endA.send(1_452);
    bench.clock.run(60_000);
    expect(endZ.messages.length).toBe(1_000);
    const { counters } = endA.association.status();
    expect(counters.retransmissionTimeouts).toBe(0);
    expect(counters.dataChunksRetransmitted).toBe(10);
    expect(counters.fastRetransmissions).toBe(10);
  });

  test('an idle time makes the window smaller before the next packet goes', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair();
    for (let count = 0; count < 300; count += 1) endA.send(1_452);
    bench.clock.run(2_000);
    const before = pathOf(endA).congestionWindowBytes;
    expect(before).toBeGreaterThan(20 * full);
    bench.clock.run(60_000);
    endA.send(1_452);
    bench.clock.run(1);
    expect(pathOf(endA)).toMatchObject({ congestionWindowBytes: 4 * full, slowStartThresholdBytes: before });
  });
});
