import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Heartbeat } from '../src/tcp/heartbeat.ts';
import type { HeartbeatOptions } from '../src/tcp/heartbeat.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

function started(changes: Partial<HeartbeatOptions> = {}): {
  heartbeat: Heartbeat;
  tokens: number[];
  silences: number[];
} {
  const heartbeat = new Heartbeat();
  const tokens: number[] = [];
  const silences: number[] = [];
  heartbeat.start({
    intervalMs: 100,
    timeoutMs: 400,
    peerTimeoutMs: 0,
    isListening: () => true,
    sendHeartbeat: (token) => tokens.push(token),
    onSilence: () => {
      heartbeat.stop();
      silences.push(performance.now());
    },
    ...changes,
  });
  return { heartbeat, tokens, silences };
}

describe('Heartbeat', () => {
  it('sends at once and in every interval', () => {
    const { tokens, heartbeat } = started();
    vi.advanceTimersByTime(350);
    expect(tokens).toEqual([1, 2, 3, 4]);
    heartbeat.stop();
    vi.advanceTimersByTime(1_000);
    expect(tokens.length).toBe(4);
  });

  it('finds silence after the timeout and at most two intervals', () => {
    const { heartbeat, silences } = started();
    for (let times = 0; times < 30; times += 1) {
      vi.advanceTimersByTime(330);
      heartbeat.heard();
    }
    expect(silences).toEqual([]);
    const heardMs = performance.now();
    vi.advanceTimersByTime(5_000);
    expect(silences.length).toBe(1);
    const afterMs = (silences[0] ?? 0) - heardMs;
    expect(afterMs).toBeGreaterThanOrEqual(400);
    expect(afterMs).toBeLessThanOrEqual(600);
  });

  it.each([
    ['that does not read cannot find silence', { isListening: () => false }],
    ['without a timeout does not watch', { timeoutMs: 0 }],
  ])('a side %s', (_what, changes) => {
    const { silences, tokens } = started(changes);
    vi.advanceTimersByTime(60_000);
    expect(silences).toEqual([]);
    expect(tokens.length).toBe(601);
  });

  it('sends three times within the timeout of the peer, but not as often as a peer likes', () => {
    expect(sentIn(1_000, { peerTimeoutMs: 150 })).toBe(1 + 20);
    expect(sentIn(1_000, { peerTimeoutMs: 60_000 })).toBe(1 + 10);
    expect(sentIn(1_000, { peerTimeoutMs: 1 })).toBe(1 + 50);
  });

  it('measures by the answer to the newest heartbeat only', () => {
    const { heartbeat } = started();
    vi.advanceTimersByTime(40);
    heartbeat.answered(1);
    expect(heartbeat.roundTripTimeMs).toBe(40);
    vi.advanceTimersByTime(60 + 100);
    heartbeat.answered(2); // 3 is under way
    heartbeat.answered(1);
    heartbeat.answered(99);
    expect(heartbeat.roundTripTimeMs).toBe(40);
    vi.advanceTimersByTime(80);
    heartbeat.answered(3);
    heartbeat.answered(3);
    expect(heartbeat.roundTripTimeMs).toBe(45);
  });
});

function sentIn(durationMs: number, changes: Partial<HeartbeatOptions>): number {
  const { tokens, heartbeat } = started({ timeoutMs: 0, ...changes });
  vi.advanceTimersByTime(durationMs);
  heartbeat.stop();
  return tokens.length;
}
