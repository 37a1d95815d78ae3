import { weightedDrawPolicy } from './weighted-draw.ts';
import { degraded, load, unload } from './policy-values.ts';

/** Randomized Least Used with Degradation (private, RSPLIB). Unlike in RSPLIB its degradation grows, as in LUD. */
export const randomizedLeastUsedDegradation = weightedDrawPolicy(
  'randomized-least-used-degradation',
  (member) => unload(load(member.policy) + degraded(member)),
);
