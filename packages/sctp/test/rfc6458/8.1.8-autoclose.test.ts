import { describe, expect, test } from 'vitest';
import { SctpBench } from '../support/sctp-bench.ts';

describe('autoclose (RFC 6458 section 8.1.8)', () => {
  test('ends an association that has carried nothing for so long, in order', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair({ parameters: { autocloseMs: 5_000 } });
    endA.send('x');
    bench.clock.run(4_000);
    endZ.send('y');
    bench.clock.run(4_900);
    expect(endA.association.state).toBe('established');
    bench.clock.run(1_000);
    expect([endA.events.at(-1), endZ.events]).toEqual(['down closed', ['peer shutdown', 'down closed']]);
  });

  test('not one that carries something in either direction; HEARTBEATs do not count', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair({ parameters: { autocloseMs: 5_000, heartbeatIntervalMs: 1_000 } });
    for (let round = 0; round < 10; round += 1) {
      (round % 2 === 0 ? endA : endZ).send('x');
      bench.clock.run(4_000);
    }
    expect(endA.association.state).toBe('established');
    bench.clock.run(5_000);
    expect(endA.association.state).toBe('closed');
  });

  test('can be set and taken back', () => {
    const bench = new SctpBench();
    const { endA } = bench.pair();
    endA.association.setParameters({ autocloseMs: 1_000 });
    endA.association.setParameters({ autocloseMs: 0 });
    bench.clock.run(10_000);
    expect(endA.association.state).toBe('established');
    endA.association.setParameters({ autocloseMs: 1_000 });
    bench.clock.run(1_100);
    expect(endA.events.at(-1)).toBe('down closed');
  });

  test('not while messages wait to be sent', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair(
      { parameters: { autocloseMs: 2_000 } },
      { limits: { receiveWindowBytes: 2_000 } },
    );
    endZ.association.pause();
    for (let count = 0; count < 5; count += 1) endA.send(1_000);
    bench.clock.run(60_000);
    expect(endA.association.state).toBe('established');
    endZ.association.resume();
    bench.clock.run(60_000);
    expect([endZ.messages.length, endA.events.at(-1)]).toEqual([5, 'down closed']);
  });

  test('not while messages wait for the application', () => {
    const bench = new SctpBench();
    const { endA, endZ } = bench.pair({ parameters: { autocloseMs: 2_000 } });
    endA.association.pause();
    for (let round = 0; round < 5; round += 1) {
      endZ.send('x');
      bench.clock.run(1_000);
    }
    expect(endA.association.state).toBe('established');
    endA.association.resume();
    bench.clock.run(3_000);
    expect(endA.messages.length).toBe(5);
    expect(endA.events.at(-1)).toBe('down closed');
  });
});
