import { weightedDrawPolicy } from './weighted-draw.ts';
import { weight } from './policy-values.ts';

/** Weighted Random (RFC 5356 section 4.4.2). */
export const weightedRandom = weightedDrawPolicy('weighted-random', ({ policy }) => weight(policy));
