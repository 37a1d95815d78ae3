import type { SctpHost, Timer } from '../endpoint/sctp-host.ts';

/**
 * A timer that is set again with nearly every packet. Putting it off costs nothing: the host's timer goes off at the old time,
 * finds that it is early, and is set to the rest.
 */
export class Alarm {
  readonly #host: SctpHost;
  readonly #onExpiry: () => void;
  #dueMs: number | undefined;
  #timer: Timer | undefined;
  #timerDueMs = 0;
  #ended = false;

  constructor(host: SctpHost, onExpiry: () => void) {
    this.#host = host;
    this.#onExpiry = onExpiry;
  }

  get isSet(): boolean {
    return this.#dueMs !== undefined;
  }

  /** Sets it, or sets it anew. */
  set(delayMs: number): void {
    if (this.#ended) return;
    const dueMs = this.#host.nowMs() + delayMs;
    this.#dueMs = dueMs;
    if (this.#timer !== undefined && this.#timerDueMs <= dueMs) return;
    this.#timer?.cancel();
    this.#start(delayMs, dueMs);
  }

  /** It will not go off; the host's timer may still run, with nobody to wake. */
  clear(): void {
    this.#dueMs = undefined;
  }

  /** Clears it for good, with nothing left at the host; it cannot be set any more. */
  end(): void {
    this.#ended = true;
    this.#dueMs = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #start(delayMs: number, dueMs: number): void {
    this.#timerDueMs = dueMs;
    this.#timer = this.#host.setTimer(delayMs, () => this.#wake());
  }

  #wake(): void {
    this.#timer = undefined;
    const dueMs = this.#dueMs;
    if (dueMs === undefined) return;
    const restMs = dueMs - this.#host.nowMs();
    if (restMs > 0) {
      this.#start(restMs, dueMs);
    } else {
      this.#dueMs = undefined;
      this.#onExpiry();
    }
  }
}
