import { lowestValuePolicy } from './lowest-value.ts';
import { degraded, load } from './policy-values.ts';

/** Least Used with Degradation (RFC 5356 section 5.2.2). */
export const leastUsedDegradation = lowestValuePolicy(
  'least-used-degradation',
  (member) => load(member.policy) + degraded(member),
);
