import { describe, expect, test } from 'vitest';
import { writeShutdownAck } from '../../src/chunks/shutdown-ack.ts';
import { writeShutdownComplete } from '../../src/chunks/shutdown-complete.ts';
import { allStates, associationIn } from '../support/association-in.ts';
import { SctpBench } from '../support/sctp-bench.ts';

const complete = (packet: Parameters<typeof writeShutdownComplete>[0]): void =>
  writeShutdownComplete(packet, { tagIsReflected: false });

describe('an association ends in order', () => {
  test('with nothing outstanding', () => {
    const bench = new SctpBench();
    const { a, z, endA, endZ } = bench.pair();
    endA.association.close();
    expect(endA.association.state).toBe('shutdown-sent');
    expect(bench.after(100)).toEqual(['A > Z SHUTDOWN -1', 'Z > A SHUTDOWN ACK', 'A > Z SHUTDOWN COMPLETE']);
    expect(endA.events).toEqual(['up', 'down closed']);
    expect(endZ.events).toEqual(['peer shutdown', 'down closed']);
    expect(a.endpoint.associations.size + z.endpoint.associations.size).toBe(0);
    expect(bench.after(600_000)).toEqual([]);
  });

  test('after everything that was sent is delivered, on both sides', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    for (let index = 0; index < 100; index += 1) {
      endA.send(1_000);
      endZ.send(1_000);
    }
    endA.association.close();
    expect(endA.association.state).toBe('shutdown-pending');
    bench.clock.run(10_000);
    expect([endA.messages.length, endZ.messages.length]).toEqual([100, 100]);
    expect([endA.events.at(-1), endZ.events.at(-1)]).toEqual(['down closed', 'down closed']);
    expect([endA.undelivered.length, endZ.undelivered.length]).toEqual([0, 0]);
  });

  test('also over packets that are lost', () => {
    for (const [pattern, times] of [
      [/SHUTDOWN -?\d/, 3],
      [/SHUTDOWN ACK/, 3],
      [/SHUTDOWN COMPLETE/, 3],
      [/SACK/, 5],
      [/DATA/, 5],
    ] as const) {
      const bench = new SctpBench();
      const { endA, endZ } = bench.pair();
      bench.lose(pattern, times);
      endA.send('a');
      endZ.send('z');
      endA.association.close();
      bench.clock.run(120_000);
      expect([endA.messages, endZ.messages]).toEqual([['z'], ['a']]);
      expect([endA.events.at(-1), endZ.events.at(-1)]).toEqual(['down closed', 'down closed']);
    }
  });

  test('of both sides at once', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    endA.association.close();
    endZ.association.close();
    const talk = bench.after(1_000);
    expect(talk.slice(0, 4).sort()).toEqual([
      'A > Z SHUTDOWN -1',
      'A > Z SHUTDOWN ACK',
      'Z > A SHUTDOWN -1',
      'Z > A SHUTDOWN ACK',
    ]);
    expect([endA.events, endZ.events]).toEqual([['up', 'down closed'], ['down closed']]);
    expect(bench.after(600_000)).toEqual([]);
  });

  test('of both sides at once, with data both ways', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    for (let index = 0; index < 50; index += 1) {
      endA.send(1_000);
      endZ.send(1_000);
    }
    endA.association.close();
    endZ.association.close();
    bench.clock.run(10_000);
    expect([endA.messages.length, endZ.messages.length]).toEqual([50, 50]);
    expect([endA.events.at(-1), endZ.events.at(-1)]).toEqual(['down closed', 'down closed']);
  });

  test('that was asked for before it was up', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const z = bench.endpoint('Z');
    const endA = bench.connect(a, z);
    endA.send('first and last');
    endA.association.close();
    bench.clock.run(5_000);
    expect(z.accepted[0]?.messages).toEqual(['first and last']);
    expect(endA.events.at(-1)).toBe('down closed');
    expect(z.accepted[0]?.events.at(-1)).toBe('down closed');
  });
});

describe('the application may ask for it in any state', () => {
  test.each([
    ['established', 'shutdown-sent', ['A > P SHUTDOWN -1']],
    ['shutdown-pending', 'shutdown-pending', []],
    ['shutdown-sent', 'shutdown-sent', []],
    ['shutdown-received', 'shutdown-received', []],
    ['shutdown-ack-sent', 'shutdown-ack-sent', []],
  ] as const)('%s becomes %s', (state, next, talk) => {
    const { bench, end } = associationIn(state);
    end.association.close();
    expect(end.association.state).toBe(next);
    expect(bench.after(15)).toEqual(talk);
  });
});

describe('a SHUTDOWN', () => {
  test.each([
    ['cookie-wait', 'cookie-wait', []],
    ['cookie-echoed', 'cookie-echoed', []],
    ['established', 'shutdown-ack-sent', ['A > P SHUTDOWN ACK']],
    ['shutdown-pending', 'shutdown-received', []],
    ['shutdown-sent', 'shutdown-ack-sent', ['A > P SHUTDOWN ACK']],
    ['shutdown-received', 'shutdown-received', []],
    ['shutdown-ack-sent', 'shutdown-ack-sent', ['A > P SHUTDOWN ACK']],
  ] as const)('in %s leads to %s', (state, next, talk) => {
    const { bench, end, peer } = associationIn(state);
    peer.send(peer.shutdown(-1), { tag: end.association.localTag });
    expect(bench.after(15).slice(1)).toEqual(talk);
    expect(end.association.state).toBe(next);
  });

  test.each(['shutdown-pending', 'shutdown-received'] as const)(
    'in %s that acknowledges the last data is answered at once',
    (state) => {
      const { bench, end, peer } = associationIn(state);
      peer.send(peer.shutdown(0));
      expect(bench.after(15).slice(1)).toEqual(['A > P SHUTDOWN ACK']);
      expect(end.association.state).toBe('shutdown-ack-sent');
    },
  );

  test('of what was never sent aborts', () => {
    const { bench, end, peer } = associationIn('established');
    peer.send(peer.shutdown(5));
    expect(bench.after(15).slice(1)).toEqual(['A > P ABORT protocol-violation']);
    expect(end.events).toEqual(['down aborted']);
  });

  test('does not take gap acknowledgements back (section 3.3.8)', () => {
    const bench = new SctpBench();
    const { end, peer } = bench.pairWithPeer({ parameters: { heartbeatIntervalMs: 0 } });
    for (let index = 0; index < 3; index += 1) {
      end.send(1_000);
      bench.clock.run(1);
    }
    bench.clock.run(15);
    peer.send(peer.sack(-1, { gaps: '1-2' }));
    peer.send(peer.shutdown(-1));
    bench.clock.run(15);
    expect(end.association.status().paths[0]?.flightBytes).toBe(1_016);
  });
});

describe('a SHUTDOWN ACK', () => {
  test.each(allStates.filter((state) => !state.startsWith('cookie')))('in %s', (state) => {
    const { bench, end, peer } = associationIn(state);
    peer.send(writeShutdownAck);
    const ends = state === 'shutdown-sent' || state === 'shutdown-ack-sent';
    expect(bench.after(15).slice(1)).toEqual(ends ? ['A > P SHUTDOWN COMPLETE'] : []);
    expect(end.association.state).toBe(ends ? 'closed' : state);
    if (!ends) return;
    expect(end.events.at(-1)).toBe('down closed');
    bench.talk();
    expect(bench.after(600_000)).toEqual([]);
  });
});

describe('in shutdown-sent', () => {
  test('each packet with DATA is answered with a SHUTDOWN that tells how far it has come', () => {
    const { bench, end, peer } = associationIn('shutdown-sent');
    for (let tsn = 0; tsn < 3; tsn += 1) {
      peer.send(peer.data(tsn, { text: `${tsn}` }));
      expect(bench.after(15).slice(1)).toEqual([expect.stringContaining(`SHUTDOWN ${tsn}`)]);
    }
    expect(end.messages).toEqual(['0', '1', '2']);
    peer.send(writeShutdownAck);
    bench.clock.run(20);
    expect(end.events.at(-1)).toBe('down closed');
  });

  test('with a SACK where there are gaps or duplicates', () => {
    const { bench, peer } = associationIn('shutdown-sent');
    peer.send(peer.data(1));
    expect(bench.after(15).slice(1)).toEqual([expect.stringMatching(/^A > P SACK -1 \+1.*, SHUTDOWN -1$/)]);
    peer.send(peer.data(1));
    expect(bench.after(15).slice(1)).toEqual([
      expect.stringMatching(/^A > P SACK -1 \+1 dup 1.*, SHUTDOWN -1$/),
    ]);
  });

  test('T2-shutdown repeats the SHUTDOWN with what has come since, at doubled intervals', () => {
    const { bench, end } = associationIn('shutdown-sent', {
      parameters: { associationMaxRetransmissions: 3 },
    });
    const from = bench.passages.length;
    const sentMs = bench.passages[from - 1]?.atMs ?? 0;
    bench.clock.run(60_000);
    expect(bench.passages.slice(from).map(({ atMs, text }) => `${atMs - sentMs} ${text}`)).toEqual([
      '1000 A > P SHUTDOWN -1',
      '3000 A > P SHUTDOWN -1',
      '7000 A > P SHUTDOWN -1',
    ]);
    expect(end.events).toEqual(['down lost']);
    expect(bench.clock.timerCount).toBe(1);
  });

  test('DATA gives the peer time: the count begins anew', () => {
    const { bench, end, peer } = associationIn('shutdown-sent', {
      parameters: { associationMaxRetransmissions: 3 },
    });
    for (let tsn = 0; tsn < 8; tsn += 1) {
      bench.clock.run(10_000); // 15 s of silence would be too much
      peer.send(peer.data(tsn));
    }
    bench.clock.run(100);
    expect(end.association.state).toBe('shutdown-sent');
    expect(end.messages.length).toBe(8);
  });

  test('T5-shutdown-guard aborts after five times RTO.Max, whatever the peer goes on to send', () => {
    const { bench, end, peer } = associationIn('shutdown-sent', { parameters: { rtoMaxMs: 10_000 } });
    const startMs = bench.clock.nowMs;
    for (let tsn = 0; end.downAtMs === undefined && tsn < 1_000; tsn += 1) {
      peer.send(peer.data(tsn));
      bench.clock.run(500);
    }
    expect(end.events).toEqual(['down aborted']);
    expect((end.downAtMs ?? 0) - startMs).toBeGreaterThan(49_000);
    expect((end.downAtMs ?? 0) - startMs).toBeLessThanOrEqual(50_000);
    expect(bench.talk()).toContain('A > P ABORT');
  });

  test('a SHUTDOWN that is not answered goes to another path', () => {
    const { bench } = associationIn('shutdown-sent', { homes: 2 }, { homes: 2, answersHeartbeats: true });
    expect(bench.after(3_500).filter((line) => line.includes('SHUTDOWN'))).toEqual([
      expect.stringContaining('> P2 SHUTDOWN -1'),
      expect.stringContaining('> P1 SHUTDOWN -1'),
    ]);
  });
});

describe('in shutdown-received', () => {
  test('what is outstanding is sent until it is acknowledged, and nothing new is taken', () => {
    const { bench, end, peer } = associationIn('shutdown-received');
    end.send('too late');
    expect(bench.after(1_100)).toEqual(['A > P DATA 0 I']);
    peer.send(peer.sack(0));
    expect(bench.after(15).slice(1)).toEqual(['A > P SHUTDOWN ACK']);
    peer.send(complete);
    bench.clock.run(15);
    expect(end.events).toEqual(['peer shutdown', 'down closed']);
    expect(end.undelivered).toEqual([]);
  });

  test('what waits beyond the window goes too', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    for (let index = 0; index < 100; index += 1) endZ.send(1_000);
    endA.association.close();
    bench.clock.run(10_000);
    expect(endA.messages.length).toBe(100);
    expect(endZ.events).toEqual(['peer shutdown', 'down closed']);
  });
});

describe('in shutdown-ack-sent', () => {
  test('T2-shutdown repeats the SHUTDOWN ACK; the peer is lost when nobody answers', () => {
    const { bench, end } = associationIn('shutdown-ack-sent', {
      parameters: { associationMaxRetransmissions: 2 },
    });
    expect(bench.after(60_000)).toEqual(['A > P SHUTDOWN ACK', 'A > P SHUTDOWN ACK']);
    expect(end.events).toEqual(['peer shutdown', 'down lost']);
  });

  test('a peer that has forgotten it and opens anew: SHUTDOWN ACK, SHUTDOWN COMPLETE T, and the new association', () => {
    const bench = new SctpBench();
    const { a, z, endA, endZ } = bench.pair();
    bench.lose(/SHUTDOWN COMPLETE/);
    endA.association.close();
    bench.clock.run(100);
    expect([endA.association.state, endZ.association.state]).toEqual(['closed', 'shutdown-ack-sent']);
    bench.talk();
    const again = bench.connect(a, z);
    expect(bench.after(1_200)).toEqual([
      'A > Z INIT',
      'Z > A SHUTDOWN ACK',
      'A > Z SHUTDOWN COMPLETE T',
      'A > Z INIT',
      'Z > A INIT ACK',
      'A > Z COOKIE ECHO',
      'Z > A COOKIE ACK',
    ]);
    expect(again.events).toEqual(['up']);
    expect(endZ.events).toEqual(['peer shutdown', 'down closed']);
  });
});
