import type { ErrorCause, PoolElementParameter } from '@rserpool/wire';
import type { SelectionFailure } from '../session/element-selector.ts';

/** Why a pool handle could not be resolved. */
export type ResolutionFailure =
  | SelectionFailure
  /** A registrar rejected the request for another reason than an unknown pool: see the causes. */
  | 'rejected'
  /** {@link PoolUserOptions.maxOutstandingRequests} are waiting already. */
  | 'too-many-requests'
  /** The pool user was stopped. */
  | 'stopped';

/** What became of a handle resolution. */
export type Resolution =
  | {
      readonly ok: true;
      /** In the order in which to try them. */
      readonly elements: readonly PoolElementParameter[];
    }
  | { readonly ok: false; readonly reason: ResolutionFailure; readonly causes: readonly ErrorCause[] };

/** A resolution that failed without an answer. */
export function failedResolution(reason: ResolutionFailure): Resolution {
  return { ok: false, reason, causes: [] };
}
