/** What can go wrong, closed. */
export const ErrorCode = {
  /** An option or argument is wrong: the message says which, what was expected and what was given. */
  invalidArgument: 'invalid-argument',
  /** A socket could not be bound: in use, no permission, no such address. */
  listenFailed: 'listen-failed',
  /** The transport that was named is not to be had on this machine: the message says what it lacks. */
  transportUnavailable: 'transport-unavailable',
  /** No registrar answered. */
  noRegistrar: 'no-registrar',
  /** The registrar does not know the pool: nobody is registered under this handle. */
  unknownPool: 'unknown-pool',
  /** The pool is known, but none of its elements could be reached, or all refused. */
  noElement: 'no-element',
  /** The registrar refused the registration: its cause is in the message. */
  registrationRejected: 'registration-rejected',
  /** It took longer than allowed. */
  timeout: 'timeout',
  /** The caller's AbortSignal fired; its reason is the cause. */
  aborted: 'aborted',
  /** Used after it was closed, or closed while in use. */
  closed: 'closed',
  /** A worker thread ended or threw. */
  workerFailed: 'worker-failed',
  /** A defect in this library. */
  internal: 'internal',
} as const;

export type ErrorCode = (typeof ErrorCode)[keyof typeof ErrorCode];

/** The one error class of this package. `code` is closed; `cause` is what lay beneath, where something did. */
export class RSerPoolError extends Error {
  override readonly name = 'RSerPoolError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(`[${code}] ${message}`, options);
    this.code = code;
  }

  /** Anything that was thrown, as an RSerPoolError: itself, an abort, or an internal error with it as cause. */
  static from(thrown: unknown): RSerPoolError {
    if (thrown instanceof RSerPoolError) return thrown;
    if (thrown instanceof Error && thrown.name === 'AbortError') {
      return new RSerPoolError(ErrorCode.aborted, 'the operation was aborted', { cause: thrown });
    }
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return new RSerPoolError(ErrorCode.internal, text, { cause: thrown });
  }
}
