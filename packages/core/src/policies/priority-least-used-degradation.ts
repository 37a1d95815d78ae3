import { lowestValuePolicy } from './lowest-value.ts';
import { degradation, degraded, load } from './policy-values.ts';

/** Priority Least Used with Degradation (private, RSPLIB): PLU and LUD together. */
export const priorityLeastUsedDegradation = lowestValuePolicy(
  'priority-least-used-degradation',
  (member) => load(member.policy) + degradation(member.policy) + degraded(member),
);
