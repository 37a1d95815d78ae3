import { lowestValuePolicy } from './lowest-value.ts';

/** Priority (RFC 5356 section 4.5.2): the highest first, round robin among equals. */
export const priority = lowestValuePolicy('priority', ({ policy }) =>
  'priority' in policy ? -policy.priority : 0,
);
