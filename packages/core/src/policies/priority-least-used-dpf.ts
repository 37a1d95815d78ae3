import { lowestValuePolicy } from './lowest-value.ts';
import { degradation, distantLoad } from './policy-values.ts';

/** Priority Least Used with distance penalty factor (private, RSPLIB). */
export const priorityLeastUsedDpf = lowestValuePolicy(
  'priority-least-used-dpf',
  (member) => distantLoad(member) + degradation(member.policy),
);
