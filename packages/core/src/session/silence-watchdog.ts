import type { Host, Timer } from '../port/host.ts';

/** Notices that nothing was heard for a while. One timer at a time: hearing something only notes when. */
export class SilenceWatchdog {
  readonly #host: Host;
  readonly #timeoutMs: number;
  readonly #onSilence: () => void;
  #timer: Timer | undefined;
  #heardAtMs = 0;

  /** @param timeoutMs Infinity for a watchdog that never barks */
  constructor(host: Host, timeoutMs: number, onSilence: () => void) {
    this.#host = host;
    this.#timeoutMs = timeoutMs;
    this.#onSilence = onSilence;
  }

  /** Begins to watch; does nothing when it does already. */
  start(): void {
    if (this.#timer !== undefined || this.#timeoutMs === Infinity) return;
    this.heard();
    this.#arm(this.#timeoutMs);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  heard(): void {
    this.#heardAtMs = this.#host.nowMs();
  }

  #arm(delayMs: number): void {
    this.#timer = this.#host.setTimer(delayMs, () => {
      this.#timer = undefined;
      const leftMs = this.#heardAtMs + this.#timeoutMs - this.#host.nowMs();
      if (leftMs > 0) this.#arm(leftMs);
      else this.#onSilence();
    });
  }
}
