import { describe, expect, test } from 'vitest';
import type { ProtocolParameters } from '../../src/endpoint/protocol-parameters.ts';
import { SctpBench } from '../support/sctp-bench.ts';
import type { TestEnd } from '../support/test-end.ts';

const quick: Partial<ProtocolParameters> = { heartbeatIntervalMs: 0 };

describe('a peer that does not answer data (RFC 9260 section 8.1)', () => {
  test.each([0, 1, 3, 10])(
    'is lost after Association.Max.Retrans = %i retransmissions',
    (associationMaxRetransmissions) => {
      const bench = new SctpBench();
      const { endA } = bench.pair({ parameters: { ...quick, associationMaxRetransmissions } });
      bench.lose(/A > Z/, Infinity);
      endA.send('one');
      endA.send('two');
      bench.clock.run(3_600_000);
      expect(endA.events.filter((event) => !event.startsWith('path'))).toEqual(['up', 'down lost']);
      expect(endA.undelivered.map(({ data }) => new TextDecoder().decode(data))).toEqual(['one', 'two']);
      const transmissions = bench.talk().filter((line) => line.includes('DATA 0'));
      expect(transmissions.length).toBe(1 + associationMaxRetransmissions);
    },
  );

  test('is not lost while it answers now and then: an acknowledgement clears the counter', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair({ parameters: { ...quick, associationMaxRetransmissions: 3 } });
    for (let index = 0; index < 10; index += 1) {
      bench.lose(/A > Z DATA/, 3);
      endA.send(`${index}`);
      bench.clock.run(400_000);
    }
    expect(endZ.messages.length).toBe(10);
    expect(endA.events).toEqual(['up']);
    expect(endA.association.status().counters.retransmissionTimeouts).toBe(30);
  });

  test('is found by HEARTBEATs when there is nothing to send', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair({ parameters: { associationMaxRetransmissions: 2 } });
    bench.lose(/A > Z/, Infinity);
    bench.clock.run(60_000);
    expect(endA.events.at(-1)).toBe('down lost');
  });

  test('and on several paths: the counter is of all of them', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair(
      { homes: 2, parameters: { ...quick, associationMaxRetransmissions: 4 } },
      { homes: 2 },
    );
    bench.clock.run(1_000);
    bench.talk();
    bench.lose(/A. > Z/, Infinity);
    endA.send('x');
    bench.clock.run(600_000);
    expect(endA.events.at(-1)).toBe('down lost');
    expect(bench.talk().filter((line) => line.includes('DATA')).length).toBe(5);
  });

  test('leaves no timer behind', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair(
      { parameters: { ...quick, associationMaxRetransmissions: 1 } },
      { parameters: quick },
    );
    bench.lose(/A > Z/, Infinity);
    endA.send('x');
    bench.clock.run(600_000);
    expect(endA.events.at(-1)).toBe('down lost');
    expect(bench.clock.timerCount).toBe(0);
  });
});

describe('HEARTBEATs of other paths do not count for the association', () => {
  test('all but the primary are dead: it lives', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair(
      { homes: 3, parameters: { associationMaxRetransmissions: 1, pathMaxRetransmissions: 5 } },
      { homes: 3 },
    );
    bench.clock.run(1_000);
    bench.lose(/A. > Z[23]/, Infinity);
    bench.clock.run(600_000);
    expect(endA.association.state).toBe('established');
    endA.send('x');
    bench.clock.run(1_000);
    expect(endZ.messages).toEqual(['x']);
  });
});

describe('a path (RFC 9260 section 8.2)', () => {
  function statesOf(end: TestEnd): string[] {
    return end.association.status().paths.map(({ state, errorCount }) => `${state} ${errorCount}`);
  }

  test('is inactive when Path.Max.Retrans is exceeded, and the application is told', () => {
    const bench = new SctpBench();
    const { endA, endZ, z } = bench.pair(
      { homes: 2, parameters: { ...quick, pathMaxRetransmissions: 2, rtoMaxMs: 1_000 } },
      { homes: 2 },
    );
    bench.clock.run(1_000);
    bench.lose(/A. > Z1/, Infinity);
    const seen: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      endA.send(`${index}`);
      bench.clock.run(1_100);
      seen.push(statesOf(endA)[0] ?? '');
    }
    expect(seen).toEqual(['active 1', 'active 2', 'inactive 3', 'inactive 3']);
    expect(endA.events.at(-1)).toBe(`path ${z.addresses[0]} inactive`);
    expect(endZ.messages).toEqual(['0', '1', '2', '3']);
  });

  test('has its counter cleared by an acknowledgement of what was sent there', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair({ parameters: quick });
    bench.lose(/A > Z DATA/, 3);
    endA.send('x');
    bench.clock.run(3_500);
    expect(statesOf(endA)).toEqual(['active 2']);
    bench.clock.run(10_000);
    expect(statesOf(endA)).toEqual(['active 0']);
  });

  test('that is the only one, and inactive, still carries data; it is active again when that is acknowledged', () => {
    const bench = new SctpBench();
    const { endA, endZ, z } = bench.pair({
      parameters: { ...quick, pathMaxRetransmissions: 1, associationMaxRetransmissions: 20 },
    });
    const heal = bench.lose(/A > Z/, Infinity);
    endA.send('x');
    bench.clock.run(20_000);
    expect(statesOf(endA)).toEqual(['inactive 4']);
    heal();
    bench.clock.run(40_000);
    expect(endZ.messages).toEqual(['x']);
    expect(statesOf(endA)).toEqual(['active 0']);
    expect(endA.events).toEqual(['up', `path ${z.addresses[0]} inactive`, `path ${z.addresses[0]} active`]);
  });

  test('that is chosen instead of an inactive one is the same for all data', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair({ homes: 3, parameters: { pathMaxRetransmissions: 0 } }, { homes: 3 });
    bench.clock.run(1_000);
    bench.lose(/A. > Z1/, Infinity);
    endA.send('finds out');
    bench.clock.run(2_000);
    bench.talk();
    for (let index = 0; index < 20; index += 1) {
      endA.send('x');
      bench.clock.run(300);
    }
    const used = new Set(bench.talk().flatMap((line) => / > (Z\d) DATA/.exec(line)?.[1] ?? []));
    expect(used.size).toBe(1);
  });
});
