import { lowestValuePolicy } from './lowest-value.ts';
import { priorityValue } from './policy-values.ts';

/** Priority (RFC 5356 sections 4.5 and 4.5.2): the highest first, round robin among equals. */
export const priority = lowestValuePolicy('priority', ({ policy }) => -priorityValue(policy));
