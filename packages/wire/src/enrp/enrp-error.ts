import type { ErrorCause } from '../parameters/operation-error.ts';
import type { EnrpHeader } from './enrp-header.ts';

/** ENRP_ERROR (RFC 5353 section 2.10). */
export interface EnrpError extends EnrpHeader {
  readonly type: 'error';
  readonly causes: readonly ErrorCause[];
}
