import type { ErrorCause, MessageTransport } from '@rserpool/wire';

/** What a pool element tells its application. */
export type PoolElementEvent =
  /** There is a new home registrar. */
  | { readonly type: 'home-found'; readonly registrar: MessageTransport }
  /** There is none any more; the hunt for another goes on. */
  | { readonly type: 'home-lost' }
  /** A registration or re-registration was granted. Causes: the registrar changed something (RFC 5352 section 2.2.3). */
  | { readonly type: 'registered'; readonly elementId: number; readonly causes: readonly ErrorCause[] }
  /** The registration was rejected and is not repeated before the policy is changed (RFC 5352 section 3.1). */
  | { readonly type: 'rejected'; readonly causes: readonly ErrorCause[] }
  /** More than MAX-REG-ATTEMPT registrations failed in a row. More are tried. Causes: of the last, where it was answered. */
  | {
      readonly type: 'registration-failing';
      readonly attempts: number;
      readonly causes: readonly ErrorCause[];
    }
  /** The identifier is taken by another element: this is the new one. */
  | { readonly type: 'element-id-changed'; readonly elementId: number }
  /** The registrar has ended the registration; it is renewed. */
  | { readonly type: 'expired'; readonly causes: readonly ErrorCause[] }
  /** The home registrar sent an ASAP_ERROR (RFC 5352 section 2.2.14). */
  | { readonly type: 'error-message'; readonly causes: readonly ErrorCause[] }
  /** No registrar has the element any more. */
  | { readonly type: 'deregistered' }
  /** The deregistration was rejected (causes) or twice not answered (no causes): the registration ends with its life. */
  | { readonly type: 'deregistration-failed'; readonly causes: readonly ErrorCause[] }
  /** The last event after `stop`. */
  | { readonly type: 'stopped' };
