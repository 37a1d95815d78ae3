import { lowestValuePolicy } from './lowest-value.ts';
import { distantLoad } from './policy-values.ts';

/** Least Used with distance penalty factor (private, RSPLIB; papers/000 section 5.3). */
export const leastUsedDpf = lowestValuePolicy('least-used-dpf', distantLoad);
