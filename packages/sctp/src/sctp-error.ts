/** Everything that this package throws or rejects with. */
export type SctpErrorCode =
  /** A user message without a byte. */
  | 'message-empty'
  /** A user message above `maxSentMessageBytes`. */
  | 'message-too-large'
  /** A stream that the association does not have. */
  | 'stream-out-of-range'
  /** The endpoint has an association with that peer: SCTP has one between two endpoints. */
  | 'already-connected'
  /** An option outside of its range. */
  | 'invalid-argument'
  /** The endpoint or association has ended. */
  | 'closed'
  /** The association could not be set up. */
  | 'unreachable'
  /** The association was aborted or lost. */
  | 'aborted'
  /** A port or UDP port that somebody else has. */
  | 'address-in-use'
  /** An address that this machine does not have. */
  | 'address-not-available'
  /** The system refused a socket for another reason. */
  | 'socket-failed';

/** What an application did wrong, or what became of its association. */
export class SctpError extends Error {
  override readonly name = 'SctpError';
  readonly code: SctpErrorCode;

  constructor(code: SctpErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
