import { lowestValuePolicy } from './lowest-value.ts';
import { degraded, distantLoad } from './policy-values.ts';

/** Least Used with Degradation and distance penalty factor (private, RSPLIB). */
export const leastUsedDegradationDpf = lowestValuePolicy(
  'least-used-degradation-dpf',
  (member) => distantLoad(member) + degraded(member),
);
