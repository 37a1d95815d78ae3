import { describe, expect, test } from 'vitest';
import {
  isLaterStreamSequence,
  isLaterTsn,
  nextStreamSequence,
  nextTsn,
  previousTsn,
  tsnDistance,
} from '../../src/association/serial-number.ts';
import { SctpBench } from '../support/sctp-bench.ts';

describe('serial number arithmetic (RFC 9260 section 1.6)', () => {
  test.each([
    [1, 0, true],
    [0, 0, false],
    [0, 1, false],
    [0, 0xffff_ffff, true],
    [0xffff_ffff, 0, false],
    [0x7fff_ffff, 0, true],
    [0x8000_0001, 0, false],
    [5, 0xffff_fff0, true],
  ])('TSN %i is later than %i: %s', (tsn, other, isLater) => {
    expect(isLaterTsn(tsn, other)).toBe(isLater);
  });

  test.each([
    [1, 0, true],
    [0, 0xffff, true],
    [0xffff, 0, false],
    [0x7fff, 0, true],
    [0x8001, 0, false],
  ])('stream sequence number %i is later than %i: %s', (sequence, other, isLater) => {
    expect(isLaterStreamSequence(sequence, other)).toBe(isLater);
  });

  test('they wrap', () => {
    expect([nextTsn(0xffff_ffff), previousTsn(0), nextStreamSequence(0xffff)]).toEqual([0, 0xffff_ffff, 0]);
    expect([tsnDistance(0xffff_ffff, 1), tsnDistance(1, 0)]).toEqual([2, 0xffff_ffff]);
  });
});

describe('TSNs wrap', () => {
  test.each([0xffff_ffff, 0xffff_fffe, 0xffff_fff0, 0x7fff_fff0, 0])(
    'in the middle of a transfer with loss, from %i on',
    (initialTsn) => {
      const bench = new SctpBench();
      const a = bench.endpoint('A');
      const z = bench.endpoint('Z');
      a.host.forcedRandoms.push(1, initialTsn);
      const endA = bench.connect(a, z);
      bench.lose(/DATA 5\b/);
      bench.lose(/DATA 1[02468]\b/, 5);
      bench.hold(/DATA 13\b/, 300);
      for (let index = 0; index < 40; index += 1)
        endA.send(index % 7 === 0 ? 3_000 : 1_200, { streamId: index % 2 });
      bench.clock.run(30_000);
      const [endZ] = z.accepted;
      expect(endZ?.messages.length).toBe(40);
      endA.association.close();
      bench.clock.run(5_000);
      expect(endA.events).toEqual(['up', 'down closed']);
      expect(endZ?.events).toEqual(['peer shutdown', 'down closed']);
    },
  );
});
