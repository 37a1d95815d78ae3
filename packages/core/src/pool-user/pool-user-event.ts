import type { ErrorCause, MessageTransport } from '@rserpool/wire';

/** What a pool user tells its application. */
export type PoolUserEvent =
  /** There is a new home registrar. */
  | { readonly type: 'home-found'; readonly registrar: MessageTransport }
  /** There is none any more; the hunt for another goes on. */
  | { readonly type: 'home-lost' }
  /** The home registrar sent an ASAP_ERROR (RFC 5352 section 2.2.14). */
  | { readonly type: 'error-message'; readonly causes: readonly ErrorCause[] };
