import { describe, expect, test } from 'vitest';
import { RetransmissionTimeout } from '../../src/association/retransmission-timeout.ts';
import { defaultProtocolParameters } from '../../src/endpoint/protocol-parameters.ts';
import { SctpBench } from '../support/sctp-bench.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import type { TestEnd } from '../support/test-end.ts';

const parameters = { ...defaultProtocolParameters, rtoMinMs: 100 };

describe('RTO (section 6.3.1)', () => {
  // Round-trip times one after the other; then SRTT and RTO by the formulas.
  test.each<[rule: string, measured: number[], srttMs: number | undefined, rtoMs: number]>([
    ['C1: without a measurement it is RTO.Initial', [], undefined, 1_000],
    ['C2: after the first SRTT = R, RTO = R + 4 * R/2', [200], 200, 600],
    ['C3: RTTVAR = 3/4 * 100 + 1/4 * |200 - 200|, SRTT = 7/8 * 200 + 1/8 * 200', [200, 200], 200, 500],
    [
      'C3: RTTVAR = 3/4 * 100 + 1/4 * |200 - 600| with the old SRTT, SRTT = 7/8 * 200 + 1/8 * 600',
      [200, 600],
      250,
      950,
    ],
    ['C3: thrice', [200, 600, 250], 250, 775],
    ['C6: not below RTO.Min', [10, 10, 10, 10], 10, 100],
    ['C7: not above RTO.Max', [30_000], 30_000, 60_000],
    ['G1: RTTVAR is not 0', [150, ...Array.from({ length: 500 }, () => 150)], 150, 154],
    ['a clock that does not advance', [0], 0, 100],
  ])('%s', (_rule, measured, srttMs, rtoMs) => {
    const timeout = new RetransmissionTimeout(parameters);
    for (const roundTripMs of measured) timeout.measured(roundTripMs, parameters);
    expect(timeout.smoothedRoundTripTimeMs).toBe(srttMs);
    expect(timeout.timeoutMs).toBeCloseTo(rtoMs, 6);
  });

  test('E2: doubles with each timeout up to RTO.Max, and collapses with a measurement (section 6.3.3)', () => {
    const timeout = new RetransmissionTimeout(parameters);
    timeout.measured(200, parameters);
    const doubled = Array.from({ length: 8 }, () => {
      timeout.backOff(parameters);
      return timeout.timeoutMs;
    });
    expect(doubled).toEqual([1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 60_000, 60_000]);
    timeout.measured(200, parameters);
    expect(timeout.timeoutMs).toBe(500);
  });

  test('an acknowledgement that measures nothing takes back half of a backing off, unless the peer has duplicates', () => {
    const timeout = new RetransmissionTimeout(parameters);
    timeout.measured(200, parameters);
    for (let count = 0; count < 3; count += 1) timeout.backOff(parameters);
    timeout.answered(parameters, true);
    expect(timeout.timeoutMs).toBe(4_800);
    timeout.answered(parameters, false);
    expect(timeout.timeoutMs).toBe(2_400);
    for (let count = 0; count < 5; count += 1) timeout.answered(parameters, false);
    expect(timeout.timeoutMs).toBe(600);
  });

  test('other bounds hold at once', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair();
    endA.association.setParameters({ rtoInitialMs: 300, rtoMinMs: 200 });
    expect(endA.association.status().paths[0]?.rtoMs).toBe(300);
  });
});

/** A peer that answers nothing by itself. */
function withPeer(): { bench: SctpBench; end: TestEnd; peer: RawPeer } {
  const bench = new SctpBench();
  const { end, peer } = bench.pairWithPeer({
    parameters: {
      heartbeatIntervalMs: 0,
      rtoMinMs: 100,
      associationMaxRetransmissions: 50,
      pathMaxRetransmissions: 50,
    },
  });
  return { bench, end, peer };
}

function srttOf(end: TestEnd): number | undefined {
  return end.association.roundTripTimeMs();
}

describe('measurements', () => {
  test('C4: one each round trip', () => {
    const { bench, end, peer } = withPeer();
    end.send('0');
    bench.clock.run(20);
    end.send('1'); // is not timed: 0 is
    bench.clock.run(60);
    peer.send(peer.sack(0));
    bench.clock.run(10);
    expect(srttOf(end)).toBe(90);
    peer.send(peer.sack(1));
    bench.clock.run(10);
    expect(srttOf(end)).toBe(90);
    end.send('2');
    bench.clock.run(80);
    peer.send(peer.sack(2));
    bench.clock.run(10);
    expect(srttOf(end)).toBe(90);
    end.send('3');
    bench.clock.run(160);
    peer.send(peer.sack(3));
    bench.clock.run(10);
    expect(srttOf(end)).toBe(90 * (7 / 8) + 170 / 8);
  });

  test('C5: not of a chunk that was sent twice (Karn’s algorithm)', () => {
    const { bench, end, peer } = withPeer();
    end.send('0');
    bench.clock.run(1_100);
    expect(bench.talk()).toEqual(['A > P DATA 0', 'A > P DATA 0 I']);
    peer.send(peer.sack(0));
    bench.clock.run(10);
    expect(srttOf(end)).toBeUndefined();
  });

  test('C5: not of a chunk before which another was sent again meanwhile', () => {
    const { bench, end, peer } = withPeer();
    end.send('measured');
    bench.clock.run(30);
    peer.send(peer.sack(0));
    bench.clock.run(10);
    expect(srttOf(end)).toBe(40);
    end.send('1');
    bench.clock.run(1);
    end.send('2');
    bench.clock.run(39);
    peer.send(peer.sack(1)); // 1 is measured, and 2 was lost
    bench.clock.run(10);
    for (const text of ['3', '4', '5']) {
      end.send(text); // 3 is measured
      bench.clock.run(1);
    }
    bench.clock.run(39 - 3);
    peer.send(peer.sack(1, { gaps: '3' }));
    peer.send(peer.sack(1, { gaps: '3-4' }));
    bench.clock.run(10);
    const before = srttOf(end);
    end.send('6');
    bench.clock.run(1);
    peer.send(peer.sack(1, { gaps: '3-5' }));
    bench.clock.run(10);
    expect(bench.talk().at(-1)).toBe('A > P DATA 2 I');
    bench.clock.run(60);
    peer.send(peer.sack(6)); // was 6 there long before, and its SACK lost?
    bench.clock.run(10);
    expect(end.association.status().unacknowledgedBytes).toBe(0);
    expect(srttOf(end)).toBe(before);
  });
});

describe('the timer (section 6.3.2)', () => {
  const timesOf = (bench: SctpBench, pattern: RegExp): number[] =>
    bench.passages.flatMap(({ atMs, text }) => (pattern.test(text) ? [atMs] : []));

  test('R1: runs from the first chunk, not from later ones', () => {
    const { bench, end } = withPeer();
    const startMs = bench.clock.nowMs;
    end.send('0');
    bench.clock.run(900);
    end.send('1');
    bench.clock.run(105);
    expect(timesOf(bench, /DATA 0/).map((ms) => ms - startMs)).toEqual([0, 1_000]);
  });

  test('R2: is off when everything is acknowledged', () => {
    const { bench, end, peer } = withPeer();
    end.send('0');
    end.send('1');
    bench.clock.run(500);
    peer.send(peer.sack(1));
    bench.clock.run(10);
    bench.talk();
    expect(bench.after(60_000)).toEqual([]);
  });

  test('R3: starts anew when the earliest chunk is acknowledged, with the RTO of now', () => {
    const { bench, end, peer } = withPeer();
    end.send('0');
    bench.clock.run(5);
    end.send('1');
    bench.clock.run(885);
    peer.send(peer.sack(0)); // measures 900 ms: RTO = 900 + 4 * 450
    bench.clock.run(10);
    const restartedMs = bench.clock.nowMs;
    bench.clock.run(10_000);
    expect(timesOf(bench, /DATA 1/)[1]).toBe(restartedMs + 2_700);
  });

  test('R3: not when a later chunk is acknowledged', () => {
    const { bench, end, peer } = withPeer();
    const startMs = bench.clock.nowMs;
    end.send('0');
    bench.clock.run(5);
    end.send('1');
    bench.clock.run(885);
    peer.send(peer.sack(-1, { gaps: '1' }));
    bench.clock.run(1_000);
    expect(timesOf(bench, /DATA 0/).map((ms) => ms - startMs)).toEqual([0, 1_000]);
  });

  test('expiry doubles it each time', () => {
    const { bench, end } = withPeer();
    const startMs = bench.clock.nowMs;
    end.send('0');
    bench.clock.run(20_000);
    expect(timesOf(bench, /DATA 0/).map((ms) => ms - startMs)).toEqual([0, 1_000, 3_000, 7_000, 15_000]);
  });
});

describe('expiry of T3-rtx (section 6.3.3)', () => {
  test('E1: the window is one packet', () => {
    const { bench, end } = withPeer();
    end.send('0');
    bench.clock.run(1_050);
    expect(end.association.status().paths[0]).toMatchObject({
      congestionWindowBytes: 1_468,
      slowStartThresholdBytes: 4 * 1_468,
    });
  });

  test('E3: of the earliest chunks as many as fit one packet go again, and no more before an acknowledgement', () => {
    const { bench, end, peer } = withPeer();
    for (let tsn = 0; tsn < 6; tsn += 1) {
      end.send(600);
      bench.clock.run(1);
    }
    bench.clock.run(20);
    expect(bench.talk().length).toBe(6);
    bench.clock.run(1_000);
    expect(bench.talk()).toEqual(['A > P DATA 0 I, DATA 1 I']);
    peer.send(peer.sack(1));
    bench.clock.run(30);
    expect(bench.talk().slice(1)).toEqual(['A > P DATA 2 I, DATA 3 I', 'A > P DATA 4 I, DATA 5 I']);
  });

  test('nothing is lost if it was only late: duplicates are told, every message is delivered once', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    bench.hold(/DATA 0$/, 3_000);
    bench.hold(/SACK/, 1_500);
    endA.send('zero');
    endA.send('one');
    bench.clock.run(10_000);
    expect(endZ.messages).toEqual(['zero', 'one']);
    expect(endA.association.status().unacknowledgedBytes).toBe(0);
    expect(bench.talk().some((line) => line.includes('dup'))).toBe(true);
  });
});
