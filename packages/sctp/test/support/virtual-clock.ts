import type { Timer } from '../../src/endpoint/sctp-host.ts';

interface PendingTimer {
  readonly dueMs: number;
  readonly onExpiry: () => void;
}

/** Time that passes only when a test lets it. Timers that are due at the same time go off in the order in which they were set. */
export class VirtualClock {
  nowMs = 0;
  /** Sorted by time. */
  readonly #timers: PendingTimer[] = [];

  get timerCount(): number {
    return this.#timers.length;
  }

  setTimer(delayMs: number, onExpiry: () => void): Timer {
    const timer = { dueMs: this.nowMs + delayMs, onExpiry };
    let index = this.#timers.length;
    while (index > 0 && (this.#timers[index - 1]?.dueMs ?? 0) > timer.dueMs) index -= 1;
    this.#timers.splice(index, 0, timer);
    return { cancel: () => this.#cancel(timer) };
  }

  /** Lets so much time pass. Default: none, but for what is due now. */
  run(durationMs = 0): void {
    const endMs = this.nowMs + durationMs;
    for (let timer = this.#timers[0]; timer !== undefined && timer.dueMs <= endMs; timer = this.#timers[0]) {
      this.#timers.shift();
      this.nowMs = timer.dueMs;
      timer.onExpiry();
    }
    this.nowMs = endMs;
  }

  #cancel(timer: PendingTimer): void {
    const index = this.#timers.indexOf(timer);
    if (index >= 0) this.#timers.splice(index, 1);
  }
}
