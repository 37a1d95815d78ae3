import { ConvergenceWorld } from './convergence-world.ts';
import type { ConvergenceWorldOptions } from './convergence-world.ts';
import { MissingElements } from './missing-elements.ts';
import type { Scenario } from './scenario.ts';

/** How one world came to rest again. */
export interface Convergence {
  readonly seed: number;
  /** From the fault (or its end, for a partition) until all registrars agreed for good. */
  readonly agreedAfterMs: number;
  /** The longest time that one living element was missing in what a serving registrar answers, from the fault on. */
  readonly longestMissingMs: number;
  /** Living elements that were missing at any such registrar at any time. */
  readonly missingElements: number;
  /** Events of the virtual world, from the fault on. */
  readonly events: number;
}

/** Registrars must go on to agree for so long. */
const stableMs = 10_000;
const limitMs = 600_000;

/** @throws Error when the registrars do not agree after ten minutes */
export function measureConvergence(scenario: Scenario, options: ConvergenceWorldOptions): Convergence {
  const convergence = new ConvergenceWorld(options);
  const { world } = convergence;
  const missing = new MissingElements(world);
  const eventsBefore = world.clock.eventsRun;
  scenario.happen(convergence);
  const agreedAfterMs = convergence.runUntilAgreed(limitMs, stableMs);
  if (agreedAfterMs === undefined) {
    const problem = convergence.findDisagreement() ?? 'agreed too late';
    throw new Error(
      `convergence: no agreement ${limitMs} ms after '${scenario.name}' (seed ${options.seed}): ${problem}`,
    );
  }
  return {
    seed: options.seed,
    agreedAfterMs,
    longestMissingMs: missing.longestMs,
    missingElements: missing.count,
    events: world.clock.eventsRun - eventsBefore,
  };
}
