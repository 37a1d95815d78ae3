import { describe, expect, it } from 'vitest';
import { runMixedWorld, worldTrace } from '../../src/index.ts';
import type { MixedPlan } from '../../src/mixed-world/mixed-plan.ts';

const slow = { quality: { delay: { minMs: 1, maxMs: 600 } } };

describe('mixed worlds', () => {
  it('keep all invariants, of 10 seeds with two minutes of faults', () => {
    const totals = { answered: 0, failovers: 0, takeovers: 0, statesRestored: 0 };
    for (let seed = 1; seed <= 10; seed++) {
      const result = runMixedWorld(seed, { minutes: 2 });
      expect(result.settled.filter(({ tookMs, boundMs }) => tookMs > boundMs)).toEqual([]);
      totals.answered += result.answered;
      totals.failovers += result.failovers;
      totals.takeovers += result.takeovers;
      totals.statesRestored += result.statesRestored;
    }
    // They would show nothing if nothing happened.
    for (const count of Object.values(totals)) expect(count).toBeGreaterThan(5);
  }, 240_000);

  it.each<[string, Partial<MixedPlan>]>([
    ['of two registrars', { registrars: 2 }],
    ['with links that delay by up to 0.6 s, so that many messages cross', { network: slow, quality: {} }],
  ])(
    'keep them also %s',
    (_what, plan) => {
      let takeovers = 0;
      for (let seed = 1; seed <= 8; seed++) takeovers += runMixedWorld(seed, { minutes: 2, plan }).takeovers;
      expect(takeovers).toBeGreaterThan(0);
    },
    240_000,
  );

  it('run alike when started alike, and not alike with another seed', () => {
    const digests = [7, 7, 8].map((seed) => runMixedWorld(seed, { minutes: 1, digest: true }).digest);
    expect(digests[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
  }, 240_000);

  it('are not changed by a trace of them', () => {
    const lines: string[] = [];
    const traced = runMixedWorld(3, {
      minutes: 1,
      digest: true,
      observer: (world) => worldTrace(world, (line) => lines.push(line)),
    });
    expect(lines.length).toBeGreaterThan(1_000);
    expect(runMixedWorld(3, { minutes: 1, digest: true }).digest).toBe(traced.digest);
  }, 240_000);
});
