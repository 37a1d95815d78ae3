/** A timer that has been set and not yet expired. */
export interface Timer {
  /** Stops it; does nothing once it has expired. */
  cancel(): void;
}

export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/**
 * All that an engine knows of the outside: a clock, timers, randomness and a log. An engine runs only inside calls of its
 * methods and of the callbacks that it gave to its host, never in two at once, and each returns in bounded time.
 */
export interface Host {
  /** Monotonic time in milliseconds from an arbitrary start. */
  nowMs(): number;
  /** Calls back once, not before `delayMs` from now, and never inside this call. */
  setTimer(delayMs: number, onExpiry: () => void): Timer;
  /** A uniformly distributed unsigned 32-bit integer, unpredictable to peers where that matters (identifiers). */
  randomUint32(): number;
  /** `event` is a short fixed phrase; what varies is in `fields`. */
  log(level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>): void;
}
