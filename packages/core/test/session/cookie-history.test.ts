import { describe, expect, it } from 'vitest';
import { CookieHistory } from '../../src/session/cookie-history.ts';

describe('cookie history', () => {
  it('takes the same or a later cookie of a session, and each session by itself', () => {
    const history = new CookieHistory();
    const accepted = [
      [1n, 3],
      [1n, 3],
      [1n, 2],
      [2n, 1],
      [1n, 4],
      [1n, 3],
    ].map(([sessionId, sequence]) =>
      history.accept({ sessionId: BigInt(sessionId ?? 0), sequence: Number(sequence) }),
    );
    expect(accepted).toEqual([true, true, false, true, true, false]);
  });

  it('forgets the session that was heard of least recently when there are too many', () => {
    const history = new CookieHistory(2);
    history.accept({ sessionId: 1n, sequence: 9 });
    history.accept({ sessionId: 2n, sequence: 9 });
    history.accept({ sessionId: 1n, sequence: 9 });
    history.accept({ sessionId: 3n, sequence: 9 });
    expect(history.accept({ sessionId: 1n, sequence: 8 })).toBe(false);
    expect(history.accept({ sessionId: 3n, sequence: 8 })).toBe(false);
    expect(history.accept({ sessionId: 2n, sequence: 8 })).toBe(true);
  });
});
