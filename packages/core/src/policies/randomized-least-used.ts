import { weightedDrawPolicy } from './weighted-draw.ts';
import { load, unload } from './policy-values.ts';

/** Randomized Least Used (RFC 5356 section 5.4.2). */
export const randomizedLeastUsed = weightedDrawPolicy('randomized-least-used', ({ policy }) =>
  unload(load(policy)),
);
