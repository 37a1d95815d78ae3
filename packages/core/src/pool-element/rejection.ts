import { CauseCode } from '@rserpool/wire';
import type { ErrorCause } from '@rserpool/wire';

/**
 * What to do after a rejected registration, which must not be repeated unless the error is corrected (RFC 5352 section 3.1):
 * take another identifier, try another registrar, or leave it to the application.
 */
export type RejectionRemedy = 'other-element-id' | 'other-registrar' | 'application';

const remedies = new Map<number, RejectionRemedy>([
  [CauseCode.nonUniquePoolElementId, 'other-element-id'],
  [CauseCode.rsplibInvalidId, 'other-element-id'],
  [CauseCode.rsplibDuplicateId, 'other-element-id'],
  [CauseCode.lackOfResources, 'other-registrar'],
  // RSPLIB compares the addresses with those of the association, which may be others towards another registrar.
  [CauseCode.rsplibNoUsableAsapAddress, 'other-registrar'],
  [CauseCode.rsplibNoUsableUserAddress, 'other-registrar'],
]);

/** By the causes of an ASAP_REGISTRATION_RESPONSE. One that nothing is known to help against decides. */
export function rejectionRemedy(causes: readonly ErrorCause[]): RejectionRemedy {
  const found = new Set(causes.map(({ code }) => remedies.get(code) ?? 'application'));
  if (found.size === 0 || found.has('application')) return 'application';
  return found.has('other-registrar') ? 'other-registrar' : 'other-element-id';
}
