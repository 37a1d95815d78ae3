import { describe, expect, test } from 'vitest';
import { decodeAbort } from '../../src/chunks/abort.ts';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { allStates, associationIn } from '../support/association-in.ts';
import { rawChunk } from '../support/raw-chunk.ts';
import { SctpBench } from '../support/sctp-bench.ts';

describe('the application aborts', () => {
  test('the peer is told why; both ends are down at once, and what was not delivered comes back', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair();
    bench.lose(/DATA/, Infinity);
    endA.send('one');
    endZ.send('two');
    bench.clock.run(20);
    bench.talk();
    endA.association.abort('no longer needed');
    expect(bench.after(20)).toEqual(['A > Z ABORT user-initiated-abort']);
    expect(endA.events).toEqual(['up', 'down aborted']);
    expect(endZ.events).toEqual(['down aborted']);
    expect([endA.undelivered.length, endZ.undelivered.length]).toEqual([1, 1]);
    const [cause] = endZ.causes;
    expect(cause?.code).toBe('user-initiated-abort');
    expect(cause?.code === 'user-initiated-abort' && new TextDecoder().decode(cause.reason)).toBe(
      'no longer needed',
    );
    expect(bench.after(600_000)).toEqual([]);
  });

  test('a reason that is too long is cut', () => {
    const { bench, end, peer } = associationIn('established');
    end.association.abort('x'.repeat(5_000));
    bench.clock.run(20);
    const packet = peer.last;
    expect(packet.bytes.length).toBeLessThan(1_480);
    packet.next();
    expect(decodeAbort(packet).causes.map(({ code }) => code)).toEqual(['user-initiated-abort']);
  });

  test.each(allStates)('in %s', (state) => {
    const { bench, end } = associationIn(state);
    end.association.abort();
    expect(bench.after(20)).toEqual(state === 'cookie-wait' ? [] : ['A > P ABORT user-initiated-abort']);
    expect(end.events.at(-1)).toBe(state.startsWith('cookie') ? 'down unreachable' : 'down aborted');
    end.association.abort(); // once more changes nothing
    expect(bench.after(600_000)).toEqual([]);
    expect(end.events.filter((event) => event.startsWith('down')).length).toBe(1);
    expect(end.association.state).toBe('closed');
  });

  test('what is done with it afterwards does nothing', () => {
    const { bench, end } = associationIn('established');
    end.association.abort();
    bench.clock.run(20);
    bench.talk();
    expect(end.send('x')).toBe(true);
    end.association.close();
    end.association.pause();
    end.association.resume();
    end.association.requestHeartbeat('10.0.0.2');
    end.association.setPrimary('10.0.0.2');
    end.association.setParameters({ heartbeatIntervalMs: 1 });
    expect(end.association.status().state).toBe('closed');
    expect(bench.after(60_000)).toEqual([]);
    expect(bench.clock.timerCount).toBe(1);
  });
});

describe('an ABORT', () => {
  test('is not answered, whatever else is in the packet', () => {
    const { bench, end, peer } = associationIn('established');
    peer.send([peer.data(0), rawChunk(ChunkType.abort)]);
    expect(bench.after(1_000)).toEqual(['P > A DATA 0, ABORT']);
    expect(end.events).toEqual(['down aborted']);
  });

  test('that is malformed is dropped (section 3.3.7)', () => {
    const { bench, end, peer } = associationIn('established');
    peer.send(rawChunk(ChunkType.abort, Uint8Array.of(0, 12, 0, 200)));
    expect(bench.after(100)).toEqual(['P > A ABORT malformed']);
    expect(end.association.state).toBe('established');
  });

  test('may have any cause, also one that nobody knows', () => {
    const { bench, end, peer } = associationIn('established');
    peer.send(rawChunk(ChunkType.abort, Uint8Array.of(0x77, 0x77, 0, 6, 1, 2)));
    bench.clock.run(100);
    expect(end.events).toEqual(['down aborted']);
    expect(end.causes).toEqual([{ code: 'unknown', number: 0x7777, info: Uint8Array.of(1, 2) }]);
  });
});

test('closing the endpoint aborts all its associations, and leaves no timer', () => {
  const bench = new SctpBench();
  const a = bench.endpoint('A');
  const ends = ['X', 'Y', 'Z'].map((name) => {
    const end = bench.connect(a, bench.endpoint(name, { parameters: { heartbeatIntervalMs: 0 } }));
    end.send('x');
    return end;
  });
  bench.clock.run(1_000);
  a.endpoint.close();
  bench.clock.run(100);
  expect(ends.map(({ events }) => events.at(-1))).toEqual(['down aborted', 'down aborted', 'down aborted']);
  expect(a.endpoint.associations.size).toBe(0);
  bench.clock.run(200_000); // the keys of X, Y, Z
  expect(bench.clock.timerCount).toBe(0);
  expect(() => a.endpoint.connect({ addresses: ['10.0.0.2'], port: 5_000 }, ends[0] ?? fail())).toThrow(
    expect.objectContaining({ code: 'closed' }) as Error,
  );
});

function fail(): never {
  throw new Error('no end');
}
