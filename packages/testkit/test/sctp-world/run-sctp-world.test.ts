import { describe, expect, it } from 'vitest';
import { noCounts, runSctpWorld, sctpCountNames, sctpWorldTrace } from '../../src/index.ts';

describe('seeded worlds of SCTP (more of them: npm run sctp-worlds)', () => {
  it('keep all invariants, of 40 seeds', () => {
    const totals = noCounts();
    for (let seed = 1; seed <= 40; seed += 1) {
      const { counts } = runSctpWorld(seed);
      for (const name of sctpCountNames) totals[name] += counts[name];
    }
    // They would show nothing if nothing happened.
    for (const name of sctpCountNames) expect(totals[name], name).toBeGreaterThan(0);
  }, 120_000);

  it('run alike when started alike, and not alike with another seed', () => {
    const digests = [7, 7, 8].map((seed) => runSctpWorld(seed, { digest: true }).digest);
    expect(digests[0]).toMatch(/^[0-9a-f]{16}$/);
    expect(digests[1]).toBe(digests[0]);
    expect(digests[2]).not.toBe(digests[0]);
  }, 60_000);

  it('are not changed by a trace of them, nor by the checkers', () => {
    const lines: string[] = [];
    const traced = runSctpWorld(3, {
      digest: true,
      observer: (world) => sctpWorldTrace(world, (line) => lines.push(line)),
    });
    expect(lines.some((line) => line.includes('COOKIE-ECHO'))).toBe(true);
    expect(runSctpWorld(3, { digest: true }).digest).toBe(traced.digest);
  }, 60_000);
});
