import type { Host, Timer } from '../port/host.ts';

/**
 * One timer that can be set again: setting it cancels what was set before. Alarms that watch over something are put off again and
 * again and seldom ring, so the host's timer stays when an alarm is put off, and looks again when it expires.
 */
export class Alarm {
  readonly #host: Host;
  #timer: Timer | undefined;
  /** When the host's timer expires; not after `#dueAtMs`. */
  #timerAtMs = 0;
  #dueAtMs = 0;
  /** undefined: not set. */
  #onExpiry: (() => void) | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  get isSet(): boolean {
    return this.#onExpiry !== undefined;
  }

  set(delayMs: number, onExpiry: () => void): void {
    const nowMs = this.#host.nowMs();
    this.#dueAtMs = nowMs + delayMs;
    this.#onExpiry = onExpiry;
    if (this.#timer !== undefined && this.#timerAtMs <= this.#dueAtMs) return;
    this.#timer?.cancel();
    this.#arm(nowMs);
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#onExpiry = undefined;
  }

  #arm(nowMs: number): void {
    this.#timerAtMs = this.#dueAtMs;
    this.#timer = this.#host.setTimer(this.#dueAtMs - nowMs, () => this.#look());
  }

  #look(): void {
    const nowMs = this.#host.nowMs();
    // The host promises not to be early; a clock that rounds must not make us wait for the last digit.
    if (this.#timerAtMs < this.#dueAtMs && nowMs < this.#dueAtMs) {
      this.#arm(nowMs);
      return;
    }
    const onExpiry = this.#onExpiry;
    this.#timer = undefined;
    this.#onExpiry = undefined;
    onExpiry?.();
  }
}

/** A duration varied at random by plus or minus `fraction` of it. */
export function jittered(host: Host, durationMs: number, fraction: number): number {
  return durationMs * (1 + fraction * (host.randomUint32() / 0x8000_0000 - 1));
}
