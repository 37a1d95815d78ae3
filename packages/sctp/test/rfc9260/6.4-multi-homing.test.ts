import { describe, expect, test } from 'vitest';
import { SctpBench } from '../support/sctp-bench.ts';
import type { TestEndpoint, TestEndpointOptions } from '../support/sctp-bench.ts';
import type { TestEnd } from '../support/test-end.ts';

interface TwoHomed {
  readonly bench: SctpBench;
  readonly a: TestEndpoint;
  readonly z: TestEndpoint;
  readonly endA: TestEnd;
  readonly endZ: TestEnd;
}

function twoHomed(options: TestEndpointOptions = {}): TwoHomed {
  const bench = new SctpBench();
  const pair = bench.pair({ homes: 2, ...options }, { homes: 2 });
  bench.clock.run(1_000);
  bench.talk();
  return { bench, ...pair };
}

describe('data', () => {
  test('goes to the primary path', () => {
    const { bench, endA } = twoHomed();
    endA.send('x');
    expect(bench.after(15)).toEqual(['A1 > Z1 DATA 0', 'Z1 > A1 SACK 0']);
  });

  test('goes to another path when the application makes that the primary one', () => {
    const { bench, endA, z } = twoHomed();
    const second = z.addresses[1] ?? '';
    endA.association.setPrimary(second);
    endA.send('x');
    expect(bench.after(15)).toEqual(['A2 > Z2 DATA 0', 'Z2 > A2 SACK 0']);
    expect(endA.association.status().paths.map(({ isPrimary }) => isPrimary)).toEqual([false, true]);
    expect(() => endA.association.setPrimary('10.9.9.9')).toThrow(
      expect.objectContaining({ code: 'invalid-argument' }) as Error,
    );
  });

  test('that timed out goes to another active path', () => {
    const { bench, endA, endZ } = twoHomed();
    bench.lose(/A1 > Z1 DATA/);
    endA.send('x');
    const talk = bench.after(1_100);
    expect(talk).toEqual(['A1 > Z1 DATA 0 (lost)', 'A2 > Z2 DATA 0 I', 'Z2 > A2 SACK 0']);
    expect(endZ.messages).toEqual(['x']);
  });

  test('that timed out twice comes back to the first path', () => {
    const { bench, endA } = twoHomed();
    bench.lose(/DATA/, 2);
    endA.send('x');
    expect(bench.after(3_000)).toEqual([
      'A1 > Z1 DATA 0 (lost)',
      'A2 > Z2 DATA 0 I (lost)',
      'A1 > Z1 DATA 0 I',
      'Z1 > A1 SACK 0',
    ]);
  });

  test('that SACKs tell to be lost goes the same way again', () => {
    const { bench, endA, endZ } = twoHomed();
    bench.lose(/DATA 0/);
    for (let count = 0; count < 4; count += 1) {
      endA.send(1_000);
      bench.clock.run(1);
    }
    const again = bench.after(500).filter((line) => line.includes('DATA 0'));
    expect(again).toEqual(['A1 > Z1 DATA 0 (lost)', 'A1 > Z1 DATA 0 I']);
    expect(endZ.messages.length).toBe(4);
  });

  test('each path has its timer, windows and counters', () => {
    const { bench, endA } = twoHomed();
    bench.lose(/A1 > Z1 DATA/);
    endA.send('x');
    bench.clock.run(1_005);
    const [first, second] = endA.association.status().paths;
    expect(first).toMatchObject({
      flightBytes: 0,
      errorCount: 1,
      rtoMs: 2_000,
      congestionWindowBytes: 1_468,
    });
    expect(second).toMatchObject({
      flightBytes: 20,
      errorCount: 0,
      rtoMs: 1_000,
      congestionWindowBytes: 4_404,
    });
  });
});

describe('answers go where the question came from', () => {
  test('SACKs, one path after the other', () => {
    const bench = new SctpBench();
    const { peer } = bench.pairWithPeer({ homes: 2 }, { homes: 2, answersHeartbeats: true });
    bench.clock.run(100);
    bench.talk();
    peer.send(peer.data(0), { from: '10.1.0.2', to: '10.1.0.1' });
    expect(bench.after(15)).toEqual(['P2 > A2 DATA 0', 'A2 > P2 SACK 0']);
    peer.send(peer.data(2), { from: '10.0.0.2', to: '10.0.0.1' });
    expect(bench.after(15)[1]).toMatch(/^A1 > P1 SACK 0 \+2/);
    peer.send(peer.data(1), { from: '10.1.0.2', to: '10.1.0.1' });
    expect(bench.after(15)).toEqual(['P2 > A2 DATA 1', 'A2 > P2 SACK 2']);
  });

  test('a delayed SACK goes where DATA came from last', () => {
    const bench = new SctpBench();
    const { peer } = bench.pairWithPeer({ homes: 2 }, { homes: 2, answersHeartbeats: true });
    bench.clock.run(100);
    peer.send(peer.data(0));
    bench.clock.run(100);
    bench.talk();
    peer.send(peer.data(1), { from: '10.1.0.2', to: '10.1.0.1' });
    expect(bench.after(500)).toEqual(['P2 > A2 DATA 1', 'A2 > P2 SACK 1']);
  });
});

describe('failover (section 6.4.1)', () => {
  test('new data goes elsewhere when the primary path is inactive, and back when it is active again', () => {
    const { bench, endA, endZ, z } = twoHomed({
      parameters: { pathMaxRetransmissions: 2, heartbeatIntervalMs: 3_000 },
    });
    const heal = bench.lose(/(A. > Z1|Z1 > A)/, Infinity);
    for (let count = 0; count < 20; count += 1) {
      endA.send(`${count}`);
      bench.clock.run(500);
    }
    expect(endZ.messages.length).toBe(20);
    expect(endA.events.at(-1)).toBe(`path ${z.addresses[0]} inactive`);
    bench.talk();
    endA.send('elsewhere');
    expect(bench.after(15)[0]).toMatch(/> Z2 DATA/);
    heal();
    bench.clock.run(60_000);
    expect(endA.events.at(-1)).toBe(`path ${z.addresses[0]} active`);
    bench.talk();
    endA.send('back');
    expect(bench.after(15).some((line) => line.includes('> Z1 DATA'))).toBe(true);
    expect(endA.association.status().paths.map(({ isPrimary }) => isPrimary)).toEqual([true, false]);
  });

  test('when all paths are inactive data still goes somewhere, and everything goes on when one is back', () => {
    const { bench, endA, endZ } = twoHomed({
      parameters: {
        pathMaxRetransmissions: 1,
        associationMaxRetransmissions: 100,
        heartbeatIntervalMs: 1_000,
      },
    });
    const heal = bench.lose(/./, Infinity);
    endA.send('x');
    bench.clock.run(30_000);
    expect(endA.association.status().paths.map(({ state }) => state)).toEqual(['inactive', 'inactive']);
    heal();
    bench.clock.run(200_000);
    expect(endZ.messages).toEqual(['x']);
    expect(endA.association.status().paths.map(({ state }) => state)).toEqual(['active', 'active']);
  });

  test('another address of ours is tried where one of the peer does not answer (most divergent pair)', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A', { homes: 2, parameters: { associationMaxRetransmissions: 20 } });
    const z = bench.endpoint('Z');
    const endA = bench.connect(a, z);
    bench.clock.run(100);
    bench.lose(/A1 > Z|Z > A1/, Infinity); // our first address is cut off
    endA.send('x');
    bench.clock.run(30_000);
    expect(z.accepted[0]?.messages).toEqual(['x']);
    expect(endA.association.state).toBe('established');
    expect(bench.talk()).toContain('A2 > Z DATA 0 I');
  });
});
