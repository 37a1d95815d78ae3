import type { Host, Timer } from '../port/host.ts';

/** One timer that can be set again: setting it cancels what was set before. */
export class Alarm {
  readonly #host: Host;
  #timer: Timer | undefined;

  constructor(host: Host) {
    this.#host = host;
  }

  get isSet(): boolean {
    return this.#timer !== undefined;
  }

  set(delayMs: number, onExpiry: () => void): void {
    this.#timer?.cancel();
    this.#timer = this.#host.setTimer(delayMs, () => {
      this.#timer = undefined;
      onExpiry();
    });
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}

/** A duration varied at random by plus or minus `fraction` of it. */
export function jittered(host: Host, durationMs: number, fraction: number): number {
  return durationMs * (1 + fraction * (host.randomUint32() / 0x8000_0000 - 1));
}
