import { weightedDrawPolicy } from './weighted-draw.ts';
import { distantWeight } from './policy-values.ts';

/** Weighted Random with distance penalty factor (private, RSPLIB; draft-dreibholz-rserpool-delay). */
export const weightedRandomDpf = weightedDrawPolicy('weighted-random-dpf', distantWeight);
