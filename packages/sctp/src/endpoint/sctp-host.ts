/** A timer that has been set and not yet expired. */
export interface Timer {
  /** Stops it; does nothing once it has expired. */
  cancel(): void;
}

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** All that the stack knows of the outside besides packets: a clock, timers, randomness, a keyed hash and a log. */
export interface SctpHost {
  /** Monotonic time in milliseconds from an arbitrary start. */
  nowMs(): number;
  /** Calls back once, not before `delayMs` from now, and never inside this call; 0 means when the present turn of events is over. */
  setTimer(delayMs: number, onExpiry: () => void): Timer;
  /** A uniformly distributed unsigned 32-bit integer, unpredictable to others: verification tags and TSNs come from it (RFC 9260 section 12.2.4.2). */
  randomUint32(): number;
  /** A message authentication code of 16 to 64 bytes, such as HMAC-SHA-256: state cookies are signed with it (RFC 9260 section 5.1.3). */
  authenticate(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** `event` is a short fixed phrase; what varies is in `fields`. */
  log(level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>): void;
}
