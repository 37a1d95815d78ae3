import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PingLedger } from '../src/ping-pong/ping-ledger.ts';

const pong = (messageNumber: bigint, replyNumber: bigint) =>
  ({ type: 'pong', messageNumber, replyNumber, data: new Uint8Array() }) as const;

test('pings are numbered from 1 and answered once', () => {
  const ledger = new PingLedger();
  expect([ledger.send(0), ledger.send(10)]).toEqual([1n, 2n]);
  expect(ledger.oldestSentAtMs()).toBe(0);
  expect(ledger.answer(pong(1n, 1n), 7, 4)).toEqual({
    messageNumber: 1n,
    replyNumber: 1n,
    elementId: 7,
    roundTripTimeMs: 4,
    sendings: 1,
  });
  expect(ledger.oldestSentAtMs()).toBe(10);
  expect(ledger.answer(pong(2n, 2n), 7, 18)).toMatchObject({ roundTripTimeMs: 8 });
  expect(ledger.oldestSentAtMs()).toBeUndefined();
  expect(ledger.summary()).toEqual({
    sent: 2,
    answered: 2,
    lost: 0,
    resent: 0,
    duplicated: 0,
    unknown: 0,
    replyNumberGaps: 0,
    replyNumberRepeats: 0,
    roundTripTimeMs: { min: 4, mean: 6, max: 8 },
    failovers: [],
  });
});

test('after a failover what was not answered is sent again, in order', () => {
  const ledger = new PingLedger();
  for (let number = 0; number < 4; number++) ledger.send(number);
  ledger.answer(pong(2n, 1n), 7, 5);
  expect(ledger.resend()).toEqual([1n, 3n, 4n]);
  expect(ledger.answer(pong(1n, 2n), 8, 105)).toMatchObject({ roundTripTimeMs: 105, sendings: 2 });
  ledger.failover({ fromElementId: 7, toElementId: 8, reason: 'lost', durationMs: 90 });
  expect(ledger.summary()).toMatchObject({
    sent: 4,
    answered: 2,
    lost: 2,
    resent: 3,
    failovers: [{ fromElementId: 7, toElementId: 8, durationMs: 90 }],
  });
});

test('answers that nobody waits for are counted: duplicated, or unknown', () => {
  const ledger = new PingLedger();
  ledger.send(0);
  ledger.answer(pong(1n, 1n), 7, 1);
  expect(ledger.answer(pong(1n, 2n), 7, 2)).toBeUndefined();
  expect(ledger.answer(pong(2n, 3n), 7, 2)).toBeUndefined();
  expect(ledger.answer(pong(0n, 4n), 7, 2)).toBeUndefined();
  expect(ledger.summary()).toMatchObject({ sent: 1, answered: 1, duplicated: 1, unknown: 2 });
});

test.each([
  ['in order', [1n, 2n, 3n], 0, 0],
  ['one left out', [1n, 3n], 1, 0],
  ['three left out', [4n, 5n], 3, 0],
  ['an old state', [1n, 2n, 2n, 3n], 0, 1],
  ['from the start again', [1n, 2n, 3n, 1n, 2n], 0, 2],
])('reply numbers %s', (_name, replyNumbers, gaps, repeats) => {
  const ledger = new PingLedger();
  for (const replyNumber of replyNumbers) ledger.answer(pong(ledger.send(0), replyNumber), 1, 0);
  expect(ledger.summary()).toMatchObject({ replyNumberGaps: gaps, replyNumberRepeats: repeats });
});

test('whatever happens, every ping is either answered or lost, and every answer is booked once', () => {
  const step = fc.oneof(
    fc.constant('send' as const),
    fc.constant('resend' as const),
    fc.bigInt({ min: 0n, max: 12n }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const ledger = new PingLedger();
      let answers = 0;
      for (const what of steps) {
        if (what === 'send') ledger.send(0);
        else if (what === 'resend') expect(ledger.resend()).toHaveLength(ledger.waitingCount);
        else {
          ledger.answer(pong(what, BigInt(++answers)), 1, 0);
        }
      }
      const { sent, answered, lost, duplicated, unknown } = ledger.summary();
      expect(answered + lost).toBe(sent);
      expect(answered + duplicated + unknown).toBe(answers);
    }),
  );
});
