import { describe, expect, it } from 'vitest';
import { Chaos } from './support/chaos.ts';

/** Within so many milliseconds after the last fault all registrars must agree, of 3,900 seeds tried all did within 20 s. */
const boundMs = 30_000;

/** A world of this size has 20 to 60 events a second, faults included; a fight for elements makes thousands. */
const maxEventsPerSecond = 200;

function mustConverge(chaos: Chaos, seed: number): void {
  chaos.run();
  expect(chaos.eventsPerSecond(), `seed ${seed}`).toBeLessThan(maxEventsPerSecond);
  const agreed = chaos.world.clock.runUntil(() => chaos.disagreement() === undefined, boundMs);
  expect(agreed, `seed ${seed}: ${chaos.disagreement()}\n${chaos.world.describe()}`).toBe(true);
  chaos.world.clock.runFor(25_000);
  expect(chaos.disagreement(), `seed ${seed}, later\n${chaos.world.describe()}`).toBeUndefined();
}

describe('whatever dies, hangs, comes back or is cut off: in the end all registrars agree on exactly the living elements', () => {
  it.each([2, 3, 4, 5])('%i registrars, 8 elements, 2 minutes of faults, 10 seeds', (registrars) => {
    for (let seed = registrars * 1_000; seed < registrars * 1_000 + 10; seed++) {
      const options = seed % 3 === 0 ? { multicast: true, peers: [] } : {};
      mustConverge(new Chaos(seed, { registrars, elements: 8, durationMs: 120_000, options }), seed);
    }
  });

  it('also with the real pool element engine', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const registrars = 2 + (seed % 3);
      mustConverge(
        new Chaos(seed, { registrars, elements: 8, durationMs: 120_000, elementKind: 'engine' }),
        seed,
      );
    }
  });

  it('also over links that delay messages by up to 0.6 s, so that many cross', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const delay = { minMs: 1, maxMs: 600 };
      mustConverge(new Chaos(seed, { registrars: 4, elements: 12, durationMs: 120_000, delay }), seed);
    }
  });
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
