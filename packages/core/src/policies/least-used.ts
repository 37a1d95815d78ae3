import { lowestValuePolicy } from './lowest-value.ts';
import { load } from './policy-values.ts';

/** Least Used (RFC 5356 section 5.1.2). */
export const leastUsed = lowestValuePolicy('least-used', ({ policy }) => load(policy));
