import { weightedDrawPolicy } from './weighted-draw.ts';
import { degradation, degraded, load, unload } from './policy-values.ts';

/** Randomized Priority Least Used with Degradation (private, RSPLIB). */
export const randomizedPriorityLeastUsedDegradation = weightedDrawPolicy(
  'randomized-priority-least-used-degradation',
  (member) => unload(load(member.policy) + degradation(member.policy) + degraded(member)),
);
