import { leastUsed } from './least-used.ts';
import { leastUsedDegradation } from './least-used-degradation.ts';
import { leastUsedDegradationDpf } from './least-used-degradation-dpf.ts';
import { leastUsedDpf } from './least-used-dpf.ts';
import type { PolicyDefinition } from './policy-definition.ts';
import { PolicyRegistry } from './policy-registry.ts';
import { priority } from './priority.ts';
import { priorityLeastUsed } from './priority-least-used.ts';
import { priorityLeastUsedDegradation } from './priority-least-used-degradation.ts';
import { priorityLeastUsedDegradationDpf } from './priority-least-used-degradation-dpf.ts';
import { priorityLeastUsedDpf } from './priority-least-used-dpf.ts';
import { random } from './random.ts';
import { randomizedLeastUsed } from './randomized-least-used.ts';
import { randomizedLeastUsedDegradation } from './randomized-least-used-degradation.ts';
import { randomizedPriorityLeastUsed } from './randomized-priority-least-used.ts';
import { randomizedPriorityLeastUsedDegradation } from './randomized-priority-least-used-degradation.ts';
import { roundRobin } from './round-robin.ts';
import { weightedRandom } from './weighted-random.ts';
import { weightedRandomDpf } from './weighted-random-dpf.ts';
import { weightedRoundRobin } from './weighted-round-robin.ts';

/** All policies of RFC 5356, then the private ones of RSPLIB. */
export const policyDefinitions: readonly PolicyDefinition[] = [
  roundRobin,
  weightedRoundRobin,
  random,
  weightedRandom,
  priority,
  leastUsed,
  leastUsedDegradation,
  priorityLeastUsed,
  randomizedLeastUsed,
  randomizedPriorityLeastUsed,
  randomizedLeastUsedDegradation,
  priorityLeastUsedDegradation,
  randomizedPriorityLeastUsedDegradation,
  weightedRandomDpf,
  leastUsedDpf,
  leastUsedDegradationDpf,
  priorityLeastUsedDpf,
  priorityLeastUsedDegradationDpf,
];

/** A new registry with all {@link policyDefinitions}, to which an application may add its own. */
export function standardPolicies(): PolicyRegistry {
  return new PolicyRegistry(policyDefinitions);
}
