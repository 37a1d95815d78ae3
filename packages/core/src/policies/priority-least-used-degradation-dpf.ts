import { lowestValuePolicy } from './lowest-value.ts';
import { degradation, degraded, distantLoad } from './policy-values.ts';

/** Priority Least Used with Degradation and distance penalty factor (private, RSPLIB). */
export const priorityLeastUsedDegradationDpf = lowestValuePolicy(
  'priority-least-used-degradation-dpf',
  (member) => distantLoad(member) + degradation(member.policy) + degraded(member),
);
