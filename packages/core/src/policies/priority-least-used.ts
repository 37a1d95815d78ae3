import { lowestValuePolicy } from './lowest-value.ts';
import { degradation, load } from './policy-values.ts';

/** Priority Least Used (RFC 5356 section 5.3.2). */
export const priorityLeastUsed = lowestValuePolicy(
  'priority-least-used',
  ({ policy }) => load(policy) + degradation(policy),
);
