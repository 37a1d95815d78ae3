import { describe, expect, it } from 'vitest';
import { Chaos } from './support/chaos.ts';

/** Within so many milliseconds after the last fault all registrars must agree. Found: half of 3,000 seeds within 3 s, all within 32 s. */
const boundMs = 40_000;

describe('whatever dies, hangs, comes back or is cut off: in the end all registrars agree on exactly the living elements', () => {
  for (const registrars of [2, 3, 4, 5]) {
    it(`${registrars} registrars, 8 elements, 2 minutes of faults, 10 seeds`, () => {
      for (let seed = registrars * 1_000; seed < registrars * 1_000 + 10; seed++) {
        const chaos = new Chaos(seed, {
          registrars,
          elements: 8,
          durationMs: 120_000,
          options: seed % 3 === 0 ? { multicast: true, peers: [] } : {},
        });
        chaos.run();
        const agreed = chaos.world.clock.runUntil(() => chaos.disagreement() === undefined, boundMs);
        expect(agreed, `seed ${seed}: ${chaos.disagreement()}\n${chaos.world.describe()}`).toBe(true);
        chaos.world.clock.runFor(25_000);
        expect(chaos.disagreement(), `seed ${seed}, later\n${chaos.world.describe()}`).toBeUndefined();
      }
    });
  }
});

it('the same seed gives the same run', () => {
  const logs = [0, 1].map(() => {
    const chaos = new Chaos(4_711, { registrars: 3, elements: 6, durationMs: 60_000 });
    chaos.run();
    return chaos.world.log(100_000);
  });
  expect(logs[0]?.length).toBeGreaterThan(10_000);
  expect(logs[1]).toBe(logs[0]);
});
