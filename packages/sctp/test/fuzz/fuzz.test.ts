import { describe, expect, it } from 'vitest';
import { fuzzRound, fuzzRoundKinds } from './fuzz-round.ts';

const packets = 1_500;

describe('an endpoint that gets hostile packets (more of them: npm run sctp-fuzz)', () => {
  it.each(Array.from({ length: fuzzRoundKinds }, (_, round) => round))(
    `neither throws nor grows, round %i, ${packets} packets`,
    (round) => {
      const { associations, answers } = fuzzRound(1, round, packets);
      // It would show nothing if the endpoint dropped everything.
      expect(associations).toBeGreaterThan(5);
      expect(answers).toBeGreaterThan(100);
    },
    60_000,
  );

  it('behaves in the same way when the same packets come', () => {
    expect(fuzzRound(3, 4, 500)).toEqual(fuzzRound(3, 4, 500));
    expect(fuzzRound(3, 4, 500)).not.toEqual(fuzzRound(4, 4, 500));
  });
});
