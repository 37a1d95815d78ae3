import { rfcTimers } from '@rserpool/core';
import { measureConvergence, scenarios } from '@rserpool/testkit';
import type { Convergence, Scenario } from '@rserpool/testkit';

/** One row of the table. */
export interface Cell {
  readonly scenario: Scenario;
  readonly timers: 'default' | 'rfc';
  readonly registrars: number;
  readonly elements: number;
  readonly seeds: number;
}

/** How many worlds for each number of elements. */
const seedsOf = new Map([
  [10, 9],
  [1_000, 3],
  [10_000, 2],
]);
const registrarCounts = [3, 5, 7];

/** All rows, those that cost least first within each scenario. */
export const cells: readonly Cell[] = scenarios.flatMap((scenario) => [
  ...registrarCounts.flatMap((registrars) =>
    [...seedsOf].map(([elements, seeds]) => ({
      scenario,
      timers: 'default' as const,
      registrars,
      elements,
      seeds,
    })),
  ),
  { scenario, timers: 'rfc', registrars: 3, elements: 10, seeds: seedsOf.get(10) ?? 1 },
]);

/** Runs the worlds of a row, one after the other. */
export function measureCell({ scenario, timers, registrars, elements, seeds }: Cell): Convergence[] {
  return Array.from({ length: seeds }, (_, index) =>
    measureConvergence(scenario, {
      seed: index + 1,
      registrars,
      elements,
      ...(timers === 'rfc' ? { timers: rfcTimers } : {}),
    }),
  );
}
