import { describe, expect, test } from 'vitest';
import { SctpBench } from '../support/sctp-bench.ts';
import type { TestEndpoint } from '../support/sctp-bench.ts';
import { TestEnd } from '../support/test-end.ts';

interface Pair {
  readonly bench: SctpBench;
  readonly a: TestEndpoint;
  readonly z: TestEndpoint;
  readonly endA: TestEnd;
  readonly endZ: TestEnd;
}

function pair(): Pair {
  const bench = new SctpBench();
  return { bench, ...bench.pair() };
}

describe('what an application has not read is still delivered when the association ends (RFC 9260 section 11.1.7)', () => {
  // How the association ends while Z does not read; what Z hears in the end.
  test.each<[what: string, end: (pair: Pair) => void, events: string[]]>([
    ['the peer shuts down', ({ endA }) => endA.association.close(), ['peer shutdown', 'down closed']],
    ['the application itself shuts down', ({ endZ }) => endZ.association.close(), ['down closed']],
    ['the peer aborts', ({ endA }) => endA.association.abort(), ['down aborted']],
    [
      'the peer is lost',
      ({ bench, endZ }) => {
        bench.lose(/Z > A/, Infinity);
        endZ.send('x');
      },
      ['path 10.0.0.1 inactive', 'down lost'],
    ],
    ['the peer starts anew', ({ bench, a, z }) => void bench.connect(a.restart(), z), ['down restarted']],
  ])('%s', (_what, end, events) => {
    const all = pair();
    const { bench, endA, endZ } = all;
    endZ.association.pause();
    for (const text of ['one', 'two', 'three']) endA.send(text);
    bench.clock.run(1_000);
    end(all);
    bench.clock.run(1_200_000);
    expect(endZ.association.state).toBe('closed');
    expect([endZ.messages, endZ.events.filter((event) => !event.startsWith('path'))]).toEqual([[], []]);
    const order: string[] = [];
    endZ.reaction = () => void order.push(`${endZ.messages.length} ${endZ.events.length}`);
    bench.talk();
    endZ.association.resume();
    bench.clock.run(0);
    expect(endZ.messages).toEqual(['one', 'two', 'three']);
    expect(endZ.events).toEqual(events);
    const before = events.filter((event) => event.startsWith('path')).length;
    expect(order).toEqual([`1 ${before}`, `2 ${before}`, `3 ${before}`]); // all messages before the end
    expect(
      bench.after(60_000).filter((line) => line.startsWith('Z') && !/HEARTBEAT|SACK|COOKIE/.test(line)),
    ).toEqual([]);
  });

  test('not when the application itself aborts', () => {
    const { bench, endA, endZ } = pair();
    endZ.association.pause();
    endA.send('one');
    bench.clock.run(1_000);
    endZ.association.abort();
    bench.clock.run(0);
    expect(endZ.events).toEqual(['down aborted']);
    endZ.association.resume();
    bench.clock.run(1_000);
    expect(endZ.messages).toEqual([]);
  });

  test('until it aborts though the association is over: then it hears of the end', () => {
    const { bench, endA, endZ } = pair();
    endZ.association.pause();
    endA.send('one');
    endA.association.close();
    bench.clock.run(5_000);
    expect(endZ.events).toEqual([]);
    endZ.association.abort();
    bench.clock.run(0);
    expect(endZ.messages).toEqual([]);
    expect(endZ.events).toEqual(['down closed']);
  });
});

describe('while an application does not read', () => {
  test('the peer sends no more than the window, and goes on when it reads', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair({}, { limits: { receiveWindowBytes: 20_000 } });
    endZ.association.pause();
    for (let index = 0; index < 100; index += 1) endA.send(1_000);
    bench.clock.run(60_000);
    expect(endZ.association.status().heldBytes).toBeGreaterThan(18_000);
    expect(endZ.association.status().heldBytes).toBeLessThanOrEqual(20_000);
    expect(endZ.messages).toEqual([]);
    endZ.association.resume();
    bench.clock.run(10_000);
    expect(endZ.messages.length).toBe(100);
    expect(endA.association.state).toBe('established');
  });

  test('and has closed, the peer can still send all: SHUTDOWN waits for it', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair({}, { limits: { receiveWindowBytes: 20_000 } });
    endZ.association.pause();
    for (let index = 0; index < 100; index += 1) endA.send(1_000);
    bench.clock.run(5_000);
    endZ.association.close();
    bench.clock.run(60_000);
    endZ.association.resume();
    bench.clock.run(60_000);
    expect(endZ.messages.length).toBe(100);
    expect([endA.events.at(-1), endZ.events.at(-1)]).toEqual(['down closed', 'down closed']);
    expect(endA.undelivered).toEqual([]);
  });

  test('it may pause before the association is up, and in the middle of delivery', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const z = bench.endpoint('Z');
    const endA = bench.connect(a, z);
    endA.association.pause();
    bench.clock.run(100);
    const [endZ] = z.accepted;
    for (const text of ['one', 'two', 'three']) endZ?.send(text);
    bench.clock.run(100);
    expect(endA.messages).toEqual([]);
    endA.reaction = () => endA.association.pause();
    endA.association.resume();
    bench.clock.run(100);
    expect(endA.messages).toEqual(['one']);
    endZ?.send('four');
    bench.clock.run(100);
    expect(endA.messages).toEqual(['one']);
    endA.reaction = () => undefined;
    endA.association.resume();
    bench.clock.run(100);
    expect(endA.messages).toEqual(['one', 'two', 'three', 'four']);
  });
});

describe('an application that is given a message may at once', () => {
  const texts = ['one', 'two', 'three'];

  test('answer: the answers go with the acknowledgement', () => {
    const { bench, endA, endZ } = pair();
    endZ.reaction = ({ data }) => void endZ.send(new TextDecoder().decode(data).toUpperCase());
    for (const text of texts) endA.send(text);
    bench.clock.run(1_000);
    expect(endA.messages).toEqual(['ONE', 'TWO', 'THREE']);
  });

  test('abort: it is given no more', () => {
    const { bench, endA, endZ } = pair();
    endZ.reaction = () => endZ.association.abort('enough');
    for (const text of texts) endA.send(text);
    bench.clock.run(1_000);
    expect(endZ.messages).toEqual(['one']);
    expect([endA.events.at(-1), endZ.events]).toEqual(['down aborted', ['down aborted']]);
    expect(bench.talk().filter((line) => line.startsWith('Z'))).toEqual(['Z > A ABORT user-initiated-abort']);
  });

  test('close: it is given the rest', () => {
    const { bench, endA, endZ } = pair();
    endZ.reaction = () => endZ.association.close();
    for (const text of texts) endA.send(text);
    bench.clock.run(10_000);
    expect(endZ.messages).toEqual(texts);
    expect([endA.events.at(-1), endZ.events]).toEqual(['down closed', ['down closed']]);
    expect(endA.undelivered).toEqual([]);
  });

  test('answer and close: the answer arrives', () => {
    const { bench, endA, endZ } = pair();
    endZ.reaction = () => {
      endZ.send('bye');
      endZ.association.close();
    };
    endA.send('one');
    bench.clock.run(10_000);
    expect(endA.messages).toEqual(['bye']);
    expect([endA.events.at(-1), endZ.events]).toEqual(['down closed', ['down closed']]);
  });

  test('close the endpoint', () => {
    const { bench, z, endA, endZ } = pair();
    endZ.reaction = () => z.endpoint.close();
    for (const text of texts) endA.send(text);
    bench.clock.run(10_000);
    expect(endZ.messages).toEqual(['one']);
    expect(endA.events.at(-1)).toBe('down aborted');
  });

  test('throw: its association is aborted, and whoever gave the packet gets the exception', () => {
    const { bench, z, endA, endZ } = pair();
    endZ.reaction = () => {
      throw new Error('application bug');
    };
    endA.send('one');
    expect(() => bench.clock.run(1_000)).toThrow('application bug');
    bench.clock.run(1_000);
    expect(endZ.events).toEqual(['down aborted']);
    expect(endA.events.at(-1)).toBe('down aborted');
    expect(z.endpoint.associations.size).toBe(0);
  });
});

describe('an application that accepts may at once', () => {
  test.each<[what: string, reaction: (end: TestEnd) => void, messages: string[], reason: string]>([
    ['send', (end) => void end.send('welcome'), ['welcome'], ''],
    [
      'send and close',
      (end) => {
        end.send('no');
        end.association.close();
      },
      ['no'],
      'closed',
    ],
    ['close', (end) => end.association.close(), [], 'closed'],
    ['abort', (end) => end.association.abort('go away'), [], 'aborted'],
  ])('%s', (_what, reaction, messages, reason) => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    let endZ: TestEnd | undefined;
    bench.endpoint('Z', {
      accept: (association) => {
        endZ = new TestEnd(bench.clock, association);
        reaction(endZ);
        return endZ;
      },
    });
    const endA = bench.connect(a, { addresses: ['10.0.0.2'] });
    bench.clock.run(10_000);
    expect(endA.messages).toEqual(messages);
    const events = reason === '' ? [] : [`down ${reason}`];
    expect(endZ?.events).toEqual(events);
    expect(endA.events.filter((event) => event.startsWith('down'))).toEqual(events);
  });
});

describe('an application may at once', () => {
  test('when it is up: send, close, abort', () => {
    for (const [act, last] of [
      [(end: TestEnd) => void end.send('x'), 'up'],
      [(end: TestEnd) => end.association.close(), 'down closed'],
      [(end: TestEnd) => end.association.abort(), 'down aborted'],
    ] as const) {
      const bench = new SctpBench();
      const a = bench.endpoint('A');
      const z = bench.endpoint('Z');
      const end = new (class extends TestEnd {
        override onUp(): void {
          super.onUp();
          act(this);
        }
      })(bench.clock);
      end.association = a.endpoint.connect({ addresses: z.addresses, port: 5_000 }, end);
      bench.clock.run(5_000);
      expect(end.events.at(-1)).toBe(last);
    }
  });

  test('when it is down: open again', () => {
    const bench = new SctpBench();
    const a = bench.endpoint('A');
    const z = bench.endpoint('Z');
    let again: TestEnd | undefined;
    const end = new (class extends TestEnd {
      override onDown(...told: Parameters<TestEnd['onDown']>): void {
        super.onDown(...told);
        again = bench.connect(a, z);
      }
    })(bench.clock);
    end.association = a.endpoint.connect({ addresses: z.addresses, port: 5_000 }, end);
    bench.clock.run(1_000);
    z.accepted[0]?.association.abort();
    bench.clock.run(1_000);
    expect(again?.events).toEqual(['up']);
  });
});

test('no method calls back before it returns', () => {
  const bench = new SctpBench();
  const { endA, endZ } = bench.pair(
    { parameters: { pathMaxRetransmissions: 0 } },
    { limits: { highWaterBytes: 10 } },
  );
  const { association } = endA;
  const quiet = (call: () => void): void => {
    const before = [endA.events.length, endA.messages.length, endZ.events.length, endZ.messages.length];
    call();
    expect([endA.events.length, endA.messages.length, endZ.events.length, endZ.messages.length]).toEqual(
      before,
    );
  };
  endZ.send('x');
  bench.clock.run(5);
  quiet(() => association.pause());
  bench.clock.run(100);
  quiet(() => association.resume());
  quiet(() => void association.send({ data: new Uint8Array(10) }));
  quiet(() => association.requestHeartbeat('10.0.0.2'));
  quiet(() => association.setParameters({ sackDelayMs: 10 }));
  quiet(() => association.setPrimary('10.0.0.2'));
  quiet(() => association.close());
  quiet(() => association.abort());
  bench.clock.run(100);
  expect(endA.events.at(-1)).toBe('down aborted');
});

describe('status (section 11.1.8)', () => {
  test('tells states, windows, counts, primary path, SRTT and RTO', () => {
    const bench = new SctpBench();
    const { endA, z } = bench.pair({ homes: 2 }, { homes: 2 });
    endA.send(1_000);
    endA.send(1_000, { streamId: 3 });
    expect(endA.association.status()).toMatchObject({ unsentBytes: 2_000, unacknowledgedBytes: 0 });
    bench.clock.run(5);
    expect(endA.association.status()).toMatchObject({
      state: 'established',
      peerWindowBytes: 1_048_576 - 2_000,
      outboundStreams: 16,
      unsentBytes: 0,
      unacknowledgedBytes: 2_000,
      heldBytes: 0,
    });
    bench.clock.run(1_000);
    const { paths, counters } = endA.association.status();
    expect(paths).toMatchObject([
      {
        address: z.addresses[0],
        isPrimary: true,
        state: 'active',
        smoothedRoundTripTimeMs: 20,
        rtoMs: 1_000,
      },
      {
        address: z.addresses[1],
        isPrimary: false,
        state: 'active',
        smoothedRoundTripTimeMs: 20,
        rtoMs: 1_000,
      },
    ]);
    expect(counters).toMatchObject({ dataChunksSent: 2, dataChunksRetransmitted: 0 });
  });
});

test('messages that must not be empty, and are not', () => {
  const { endA } = pair();
  expect(() => endA.send('')).toThrow(expect.objectContaining({ code: 'message-empty' }) as Error);
  expect(() => endA.send('x', { streamId: -1 })).toThrow(
    expect.objectContaining({ code: 'stream-out-of-range' }) as Error,
  );
  expect(() => endA.send('x', { streamId: 1.5 })).toThrow(
    expect.objectContaining({ code: 'stream-out-of-range' }) as Error,
  );
});
