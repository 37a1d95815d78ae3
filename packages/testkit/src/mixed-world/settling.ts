import type { MixedPlan } from './mixed-plan.ts';
import { correctionMs } from './mixed-world.ts';

/** After healing everything must be right within this, in milliseconds; by invariant. See docs/invariants.md for each sum. */
export function settlingBounds(plan: MixedPlan): ReadonlyMap<string, number> {
  const registrarsMs = 60_000;
  const { reregistrationIntervalMs = 0, registrationTimeoutMs = 0, maxRetryDelayMs = 0 } = plan.element;
  // Hunts pause by up to a quarter more than RETRAN-MAX; T2 doubles up to it; one that was removed by reports comes back by T4.
  const elementsMs =
    registrarsMs +
    1.25 * maxRetryDelayMs +
    Math.max(registrationTimeoutMs, maxRetryDelayMs) +
    reregistrationIntervalMs +
    (plan.mangling > 0 ? correctionMs : 0);
  const usersMs = elementsMs + 60_000;
  return new Map([
    ['views-agree', elementsMs],
    ['mesh-complete', registrarsMs],
    ['live-elements-present-once', elementsMs],
    ['gone-elements-gone', elementsMs],
    ['home-known', elementsMs],
    ['requests-answered', usersMs],
  ]);
}
