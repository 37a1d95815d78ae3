/** Every code that a TransportError can have. */
export const transportErrorCodes = [
  /** The address and port are bound by another socket. */
  'address-in-use',
  /** The address does not belong to this machine. */
  'address-not-available',
  /** The operating system does not allow it. */
  'permission-denied',
  /** This transport cannot do that: another protocol, or not configured for it. */
  'unsupported',
  /** An argument is not what it must be. */
  'invalid-argument',
  /** A message of 0 bytes, or above the maximum size. */
  'message-size',
  /** What it needs is not on this machine: a kernel module, an optional package, the operating system. */
  'unavailable',
  /** Any other failure of the operating system; `cause` has it. */
  'failed',
] as const;

export type TransportErrorCode = (typeof transportErrorCodes)[number];

/** What transports throw and reject with. The failures of associations are not thrown: they come through onDown. */
export class TransportError extends Error {
  readonly code: TransportErrorCode;

  constructor(code: TransportErrorCode, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'TransportError';
    this.code = code;
  }
}

const codesOfSystemErrors: Readonly<Partial<Record<string, TransportErrorCode>>> = {
  EADDRINUSE: 'address-in-use',
  EADDRNOTAVAIL: 'address-not-available',
  EAFNOSUPPORT: 'address-not-available',
  EACCES: 'permission-denied',
  EPERM: 'permission-denied',
};

/** The TransportError for what Node's sockets throw, with that as `cause`. */
export function transportErrorOf(what: string, cause: unknown): TransportError {
  const systemCode = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const text = cause instanceof Error ? cause.message : String(cause);
  return new TransportError(codesOfSystemErrors[systemCode] ?? 'failed', `${what}: ${text}`, { cause });
}
