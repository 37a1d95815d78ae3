import { describe, expect, test } from 'vitest';
import { dataHeaderBytes } from '../../src/chunks/data.ts';
import { rawChunk } from '../support/raw-chunk.ts';
import { SctpBench } from '../support/sctp-bench.ts';
import type { RawPeer } from '../support/raw-peer.ts';
import { associationIn } from '../support/association-in.ts';
import type { TestEnd } from '../support/test-end.ts';
import type { TestEndpointOptions } from '../support/sctp-bench.ts';

/** An association whose first DATA, which is acknowledged at once, is over; the next TSN is 1. */
function afterFirstData(options: TestEndpointOptions = {}): {
  bench: SctpBench;
  end: TestEnd;
  peer: RawPeer;
} {
  const bench = new SctpBench(0);
  const { end, peer } = bench.pairWithPeer(options);
  peer.send(peer.data(0));
  bench.clock.run(0);
  bench.talk();
  end.messages.length = 0;
  return { bench, end, peer };
}

/** Without what they tell of the window. */
function withoutWindow(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/ window \d+/, ''));
}

describe('an acknowledgement', () => {
  test('comes within SACK.Delay', () => {
    const { bench, peer } = afterFirstData();
    peer.send(peer.data(1));
    expect(bench.after(199)).toEqual(['P > A DATA 1']);
    expect(bench.after(1)).toEqual(['A > P SACK 1']);
  });

  test('comes within the SACK.Delay that is set', () => {
    const { bench, peer } = afterFirstData({ parameters: { sackDelayMs: 20 } });
    peer.send(peer.data(1));
    expect(bench.after(19)).toEqual(['P > A DATA 1']);
    expect(bench.after(1)).toEqual(['A > P SACK 1']);
  });

  test('comes within 500 ms, whatever is set', () => {
    const { bench, peer } = afterFirstData({ parameters: { sackDelayMs: 5_000 } });
    peer.send(peer.data(1));
    expect(bench.after(500)).toEqual(['P > A DATA 1', 'A > P SACK 1']);
  });

  test('comes with every second packet, however many chunks they have', () => {
    const { bench, peer } = afterFirstData();
    peer.send([peer.data(1), peer.data(2), peer.data(3)]);
    expect(bench.after(0)).toEqual(['P > A DATA 1, DATA 2, DATA 3']);
    peer.send(peer.data(4));
    expect(bench.after(0)).toEqual(['P > A DATA 4', 'A > P SACK 4']);
    peer.send(peer.data(5));
    expect(bench.after(0)).toEqual(['P > A DATA 5']);
    peer.send(peer.data(6));
    expect(bench.after(0)).toEqual(['P > A DATA 6', 'A > P SACK 6']);
    expect(bench.after(10_000)).toEqual([]);
  });

  test('is never more than one for a packet', () => {
    const { bench, peer } = afterFirstData();
    peer.send([peer.data(1), peer.data(1), peer.data(3, { immediate: true }), peer.data(5), peer.data(4)]);
    expect(withoutWindow(bench.after(10_000))).toEqual([
      'P > A DATA 1, DATA 1, DATA 3 I, DATA 5, DATA 4',
      'A > P SACK 1 +3-5 dup 1',
    ]);
  });

  test.each<[what: string, send: (peer: RawPeer) => void, answer: string]>([
    ['the I bit', (peer) => peer.send(peer.data(1, { immediate: true })), 'A > P SACK 1'],
    ['a gap (section 6.7)', (peer) => peer.send(peer.data(2)), 'A > P SACK 0 +2'],
    ['a duplicate', (peer) => peer.send(peer.data(0)), 'A > P SACK 0 dup 0'],
    ['a duplicate and new data', (peer) => peer.send([peer.data(0), peer.data(1)]), 'A > P SACK 1 dup 0'],
    [
      'the same duplicate twice',
      (peer) => peer.send([peer.data(0), peer.data(0)]),
      'A > P SACK 0 dup 0 dup 0',
    ],
  ])('is not delayed after %s', (_what, send, answer) => {
    const { bench, peer } = afterFirstData();
    send(peer);
    expect(withoutWindow(bench.after(0).slice(1))).toEqual([answer]);
  });

  test('is not delayed while there is a gap, nor when it is filled (RFC 5681 section 4.2)', () => {
    const { bench, peer } = afterFirstData();
    peer.send(peer.data(2));
    peer.send(peer.data(4));
    peer.send(peer.data(1));
    peer.send(peer.data(3));
    expect(withoutWindow(bench.after(0).filter((line) => line.startsWith('A')))).toEqual([
      'A > P SACK 0 +2',
      'A > P SACK 0 +2 +4',
      'A > P SACK 2 +4',
      'A > P SACK 4',
    ]);
  });

  test('tells a duplicate once', () => {
    const { bench, peer } = afterFirstData();
    peer.send(peer.data(0));
    bench.clock.run(0);
    bench.talk();
    peer.send(peer.data(1, { immediate: true }));
    expect(bench.after(0)).toEqual(['P > A DATA 1 I', 'A > P SACK 1']);
  });

  test('of many duplicates fits a packet', () => {
    const { bench, peer } = afterFirstData();
    peer.send(Array.from({ length: 2_000 }, () => peer.data(0)));
    bench.clock.run(0);
    expect(peer.last.bytes.length).toBeLessThan(1_480);
  });
});

describe('DATA (section 6)', () => {
  test.each([
    ['established', true],
    ['shutdown-pending', true],
    ['shutdown-sent', true],
    ['cookie-wait', false],
    ['cookie-echoed', false],
    ['shutdown-received', false],
    ['shutdown-ack-sent', false],
  ] as const)('in %s is taken: %s', (state, isTaken) => {
    const { bench, end, peer } = associationIn(state);
    peer.send(peer.data(0, { text: 'hello' }), { tag: end.association.localTag });
    const talk = bench.after(250);
    expect(end.messages).toEqual(isTaken ? ['hello'] : []);
    expect(talk.some((line) => line.includes('SACK 0') || line.includes('SHUTDOWN 0'))).toBe(isTaken);
    expect(end.association.state).toBe(state);
  });

  test('without user data aborts', () => {
    const { bench, end, peer } = afterFirstData();
    peer.send(rawChunk(0, new Uint8Array(dataHeaderBytes - 4), 3));
    expect(bench.after(0)).toEqual(['P > A DATA malformed', 'A > P ABORT no-user-data']);
    expect(end.events).toEqual(['down aborted']);
  });
});

describe('the window (section 6.2, A to D)', () => {
  const windowBytes = 10_000;
  const kilobyte = { text: 'x'.repeat(1_000) };

  function paused(): { bench: SctpBench; end: TestEnd; peer: RawPeer } {
    const all = afterFirstData({ limits: { receiveWindowBytes: windowBytes } });
    all.end.association.pause();
    return all;
  }

  test('shrinks by what the application has not taken', () => {
    const { bench, peer } = paused();
    for (let tsn = 1; tsn <= 4; tsn += 1) peer.send(peer.data(tsn, kilobyte));
    expect(bench.after(0).filter((line) => line.startsWith('A'))).toEqual([
      'A > P SACK 2 window 8000',
      'A > P SACK 4 window 6000',
    ]);
  });

  test('shrinks by what waits for its turn or for fragments, and is whole again when it is delivered', () => {
    const { bench, end, peer } = afterFirstData({ limits: { receiveWindowBytes: windowBytes } });
    peer.send(peer.data(2, kilobyte));
    peer.send(peer.data(3, { ...kilobyte, streamId: 1, streamSequence: 0, ending: false }));
    peer.send(peer.data(1, kilobyte));
    peer.send(peer.data(4, { ...kilobyte, streamId: 1, streamSequence: 0, beginning: false }));
    expect(bench.after(1_000).filter((line) => line.startsWith('A'))).toEqual([
      'A > P SACK 0 +2 window 9000',
      'A > P SACK 0 +2-3 window 8000',
      'A > P SACK 3 window 9000',
      'A > P SACK 4',
    ]);
    expect(end.messages).toEqual(['1000 bytes', '1000 bytes', '2000 bytes']);
  });

  test('full: new data beyond everything is dropped, and the SACK that says so is not delayed', () => {
    const { bench, end, peer } = paused();
    for (let tsn = 1; tsn <= 10; tsn += 1) peer.send(peer.data(tsn, kilobyte));
    bench.clock.run(0);
    bench.talk();
    peer.send(peer.data(11, kilobyte));
    expect(bench.after(0)).toEqual(['P > A DATA 11', 'A > P SACK 10 window 0']);
    expect(end.association.status().heldBytes).toBe(10_000);
    expect(end.association.state).toBe('established');
  });

  test('full: what fills a gap is taken', () => {
    const { bench, end, peer } = paused();
    for (let tsn = 2; tsn <= 11; tsn += 1) peer.send(peer.data(tsn, kilobyte));
    bench.clock.run(0);
    bench.talk();
    peer.send(peer.data(1, kilobyte));
    expect(bench.after(0)).toEqual(['P > A DATA 1', 'A > P SACK 11 window 0']);
    end.association.resume();
    bench.clock.run(0);
    expect(end.messages.length).toBe(11);
  });

  test('opens again: the peer is told when it is a quarter, not of every message', () => {
    const { bench, end, peer } = paused();
    for (let tsn = 1; tsn <= 10; tsn += 1) peer.send(peer.data(tsn, kilobyte));
    bench.clock.run(0);
    bench.talk();
    let taken = 0;
    end.reaction = () => {
      taken += 1;
      if (taken < 10) end.association.pause();
    };
    const updates: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      end.association.resume();
      updates.push(...bench.after(0).map((line) => `after ${taken}: ${line}`));
    }
    expect(updates).toEqual([
      'after 3: A > P SACK 10 window 3000',
      'after 6: A > P SACK 10 window 6000',
      'after 9: A > P SACK 10 window 9000',
    ]);
  });

  test('is not opened in small pieces: below the size of a packet it is closed (silly window syndrome)', () => {
    const { bench, end, peer } = paused();
    for (let tsn = 1; tsn <= 9; tsn += 1) peer.send(peer.data(tsn, kilobyte));
    peer.send(peer.data(10, { text: 'x'.repeat(900) }));
    bench.clock.run(0);
    bench.talk();
    peer.send(peer.data(11, { text: 'x'.repeat(50), immediate: true }));
    expect(bench.after(0)).toEqual(['P > A DATA 11 I', 'A > P SACK 11 window 0']);
    expect(end.association.status().heldBytes).toBe(9_950);
  });
});

test('a TSN that is too far for a gap block is not reported (section 3.3.4)', () => {
  const { bench, end, peer } = afterFirstData({ limits: { maxHeldChunks: 100_000 } });
  // 65,535 beyond the cumulative one, 0, can be told.
  for (const [streamId, tsn] of [65_535, 65_537, 70_000].entries())
    peer.send(peer.data(tsn, { streamId, streamSequence: 2 }));
  expect(withoutWindow(bench.after(0).filter((line) => line.startsWith('A')))).toEqual([
    'A > P SACK 0 +65535',
    'A > P SACK 0 +65535',
    'A > P SACK 0 +65535',
  ]);
  expect(end.association.status().heldBytes).toBe(3);
});

test('as many gaps are reported as fit a packet, the lowest ones (section 6.7)', () => {
  const { bench, peer } = afterFirstData({ maxPacketBytes: 100 });
  for (let tsn = 2; tsn <= 80; tsn += 2) peer.send(peer.data(tsn));
  bench.clock.run(0);
  const { bytes } = peer.last;
  expect(bytes.length).toBe(100);
  expect(bench.talk().at(-1)).toMatch(/^A > P SACK 0 \+2 \+4 .*\+36 window/);
});
