import type { Host } from '../port/host.ts';

/** A token bucket: `perSecond` events a second in the long run, `burst` at once. */
export class RateLimit {
  readonly #host: Host;
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #filledAtMs: number;

  constructor(host: Host, perSecond: number, burst: number) {
    this.#host = host;
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#filledAtMs = host.nowMs();
  }

  /** Counts an event; false when it is one too many. */
  take(): boolean {
    const nowMs = this.#host.nowMs();
    const gained = ((nowMs - this.#filledAtMs) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#burst, this.#tokens + gained);
    this.#filledAtMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
