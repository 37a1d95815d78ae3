import type { Policy } from '@rserpool/wire';
import type { Element } from '../handlespace/element.ts';
import type { RegistrarCore } from './registrar-core.ts';

/** A channel or whatever else knows its round-trip time. */
interface RoundTrip {
  roundTripTimeMs(): number | undefined;
}

/**
 * Distance in milliseconds for the policies with a distance penalty factor, by T. Dreibholz and E. P. Rathgeb, "An Evaluation of
 * the Pool Maintenance Overhead / A Distance-Aware Least Used Policy" (papers/000, sections 5.1 and 5.2, equation 3).
 *
 * The home registrar reports the delay that it measured to its element, not rounded to steps; every registrar adds the delay
 * to that home and rounds the sum, once. RSPLIB rounds both parts.
 */
export function distanceMs(delayMs: number, stepMs: number): number {
  return stepMs * Math.round(delayMs / stepMs);
}

/** Half of the smoothed round-trip time, in whole milliseconds as the wire has them; 0 while it is unknown. */
export function oneWayDelayMs(path: RoundTrip | undefined): number {
  return Math.round((path?.roundTripTimeMs() ?? 0) / 2);
}

/** The delay between the element and its home registrar that a policy carries; undefined for policies that ignore distance. */
function reportedDelayMs(policy: Policy): number | undefined {
  return 'distanceMs' in policy ? policy.distanceMs : undefined;
}

/** The same policy with another delay or distance; policies that ignore distance stay as they are. */
export function withDistance(policy: Policy, milliseconds: number): Policy {
  return 'distanceMs' in policy ? { ...policy, distanceMs: milliseconds } : policy;
}

/** The distance of an element of a peer: what its home reports and the delay to that home. */
export function peerElementDistanceMs(core: RegistrarCore, policy: Policy, peerDelayMs: number): number {
  const reportedMs = reportedDelayMs(policy);
  return reportedMs === undefined ? 0 : distanceMs(reportedMs + peerDelayMs, core.settings.distanceStepMs);
}

/** Takes the distance of an own element from the association to it. */
export function measureDistance(core: RegistrarCore, element: Element, path: RoundTrip): void {
  if (reportedDelayMs(element.policy) === undefined) return;
  const measuredMs = distanceMs(oneWayDelayMs(path), core.settings.distanceStepMs);
  if (measuredMs !== element.distanceMs) core.handlespace.setDistance(element, measuredMs);
}
