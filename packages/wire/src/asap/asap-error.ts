import type { ErrorCause } from '../parameters/operation-error.ts';

/** ASAP_ERROR (RFC 5352 section 2.2.14). */
export interface AsapError {
  readonly type: 'error';
  readonly causes: readonly ErrorCause[];
}
