import { weightedDrawPolicy } from './weighted-draw.ts';
import { degradation, load, unload } from './policy-values.ts';

/** Randomized Priority Least Used (private, RSPLIB): RLU by the load that an element has after the selection. */
export const randomizedPriorityLeastUsed = weightedDrawPolicy(
  'randomized-priority-least-used',
  ({ policy }) => unload(load(policy) + degradation(policy)),
);
