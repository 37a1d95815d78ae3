import type { ErrorCause } from './parameters/operation-error.ts';
import type { Profile } from './profile.ts';

/** What a decoder must know beside the bytes. */
export interface DecodeOptions {
  /** How the peer speaks: tells the unit of registration lives. Default: 'rfc'. */
  readonly profile?: Profile;
}

/** Why bytes are no message. */
export interface WireError {
  /**
   * What to report: code 1 (unrecognized parameter) and 3 (invalid values) with the offending parameter, or the whole message
   * where no parameter is to blame; code 2 (unrecognized message) with the message; code 6 where a limit of ours was hit.
   */
  readonly cause: ErrorCause;
  /**
   * Whether the sender should hear of it. Unrecognized parameters and messages: as their action bits say (RFC 5354 sections 3
   * and 4). Invalid values: yes. Error messages: never, lest two endpoints go on reporting each other's reports.
   */
  readonly report: boolean;
  /** Position in the message of the offending parameter, or 0 for the message itself. */
  readonly offset: number;
  /** For people: where, what was expected and what came. */
  readonly text: string;
}

/** A decoded message, or why there is none. */
export type DecodeResult<M> =
  | {
      readonly ok: true;
      readonly message: M;
      /** What the bytes reveal about the sender; undefined where they fit both profiles. */
      readonly profile: Profile | undefined;
      /** Unrecognized parameters that were skipped and asked to be reported (action bits 11). Empty for error messages. */
      readonly report: readonly ErrorCause[];
    }
  | { readonly ok: false; readonly error: WireError };
