import { describe, expect, test } from 'vitest';
import { associationIn } from '../support/association-in.ts';
import { SctpBench } from '../support/sctp-bench.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import type { TestEnd } from '../support/test-end.ts';

/** So many messages of one packet each are on their way, TSNs 0 to count - 1. */
function withOutstanding(count: number): { bench: SctpBench; end: TestEnd; peer: RawPeer } {
  const bench = new SctpBench();
  const { end, peer } = bench.pairWithPeer({ parameters: { heartbeatIntervalMs: 0 } });
  for (let tsn = 0; tsn < count; tsn += 1) {
    end.send(500);
    bench.clock.run(1);
  }
  bench.clock.run(20);
  bench.talk();
  return { bench, end, peer };
}

describe('a SACK of what was never sent aborts, and changes nothing before (RFC 5062 section 4)', () => {
  test.each<[what: string, sack: Parameters<RawPeer['sack']>]>([
    ['a cumulative TSN beyond the last', [3]],
    ['a cumulative TSN far beyond', [1_000_000]],
    ['a gap block beyond the last', [-1, { gaps: '1-3' }]],
    ['a gap block far beyond', [-1, { gaps: `60000-60001` }]],
  ])('%s', (_what, sack) => {
    const { bench, end, peer } = withOutstanding(3);
    peer.send(peer.sack(...sack));
    expect(bench.after(15).slice(1)).toEqual(['A > P ABORT protocol-violation']);
    expect(end.events).toEqual(['down aborted']);
    expect(end.undelivered.length).toBe(3);
  });
});

describe('a SACK', () => {
  test('that is older than another is dropped (D i)', () => {
    const { bench, end, peer } = withOutstanding(3);
    peer.send(peer.sack(1));
    peer.send(peer.sack(0, { gaps: '2' }));
    bench.clock.run(15);
    expect(end.association.status().unacknowledgedBytes).toBe(500);
    peer.send(peer.sack(-1));
    bench.clock.run(15);
    expect(end.association.status().unacknowledgedBytes).toBe(500);
  });

  test('with blocks in any order counts each', () => {
    const { bench, end, peer } = withOutstanding(5);
    peer.send(peer.sack(-1, { gaps: '4 1' }));
    bench.clock.run(15);
    expect(end.association.status().paths[0]?.flightBytes).toBe(3 * 516);
  });

  test('that takes a gap acknowledgement back counts one miss indication, and nothing is sent again before the timer (D iii)', () => {
    const { bench, end, peer } = withOutstanding(3);
    peer.send(peer.sack(-1, { gaps: '1-2' }));
    bench.clock.run(15);
    expect(end.association.status().paths[0]?.flightBytes).toBe(516);
    bench.talk();
    peer.send(peer.sack(-1, { gaps: '1' }));
    expect(bench.after(100).slice(1)).toEqual([]);
    expect(end.association.status().paths[0]?.flightBytes).toBe(2 * 516);
    const again = bench.after(10_000);
    expect(again.some((line) => line.includes('DATA 2'))).toBe(true);
  });

  test('that takes everything back leaves T3-rtx running (R4)', () => {
    const { bench, end, peer } = withOutstanding(2);
    peer.send(peer.sack(-1, { gaps: '0-1' })); // whatever that is
    bench.clock.run(15);
    expect(end.association.state).toBe('established');
    bench.talk();
    peer.send(peer.sack(-1));
    expect(bench.after(3_000).some((line) => line.startsWith('A > P DATA 0'))).toBe(true);
  });

  test.each(['cookie-wait', 'shutdown-sent', 'shutdown-ack-sent'] as const)('is discarded in %s', (state) => {
    const { bench, end, peer } = associationIn(state);
    peer.send(peer.sack(100), { tag: end.association.localTag });
    expect(bench.after(15)).toEqual([expect.stringMatching(/^P > A SACK/)]);
    expect(end.association.state).toBe(state);
  });
});

test('reneging and reports of it change nothing for the application: every message arrives once', () => {
  const { bench, end, peer } = withOutstanding(3);
  for (let round = 0; round < 50; round += 1) {
    peer.send(peer.sack(-1, round % 2 === 0 ? { gaps: '1-2' } : {}));
    bench.clock.run(15);
  }
  peer.send(peer.sack(2));
  bench.clock.run(20);
  expect(end.association.status()).toMatchObject({ unacknowledgedBytes: 0 });
  expect(end.association.status().paths[0]).toMatchObject({ flightBytes: 0 });
  bench.talk();
  expect(bench.after(60_000)).toEqual([]);
});
