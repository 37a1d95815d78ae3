import { acknowledgeEveryBytes, acknowledgeEveryMessages } from '../limits.ts';

/** What this side has received, and when the peer is to be told. */
export class Receipt {
  /** DATA frames handed to the application, modulo 2^32. */
  count = 0;
  #untoldMessages = 0;
  #untoldBytes = 0;
  /** When the first of the untold messages came. */
  #untoldSinceMs = 0;
  #immediate = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #delayMs: number;
  readonly #onDue: () => void;

  /** @param onDue called when an acknowledgement must go out now; also inside `received` and `wanted` */
  constructor(delayMs: number, onDue: () => void) {
    this.#delayMs = delayMs;
    this.#onDue = onDue;
  }

  /** There is something that the peer has not been told. */
  get isPending(): boolean {
    return this.#untoldMessages > 0;
  }

  /** An acknowledgement must go out now, with or without messages of our own. */
  get isDue(): boolean {
    return this.#immediate;
  }

  received(sizeBytes: number, ackNow: boolean): void {
    this.count = (this.count + 1) >>> 0;
    if (this.#untoldMessages === 0) this.#untoldSinceMs = performance.now();
    this.#untoldMessages += 1;
    this.#untoldBytes += sizeBytes;
    if (
      ackNow ||
      this.#untoldMessages >= acknowledgeEveryMessages ||
      this.#untoldBytes >= acknowledgeEveryBytes
    )
      this.wanted();
    else this.#timer ??= setTimeout(this.#look, this.#delayMs);
  }

  /** The peer should be told now. */
  wanted(): void {
    if (!this.isPending || this.#immediate) return;
    this.#immediate = true;
    this.#onDue();
  }

  /** The count has gone out. The timer stays: to set it anew for every message would cost more than the message. */
  told(): number {
    this.#untoldMessages = this.#untoldBytes = 0;
    this.#immediate = false;
    return this.count;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** What the timer was set for may have been told, and something else have come since. */
  readonly #look = (): void => {
    this.#timer = undefined;
    if (!this.isPending || this.#immediate) return;
    const leftMs = this.#untoldSinceMs + this.#delayMs - performance.now();
    if (leftMs > 0) this.#timer = setTimeout(this.#look, leftMs);
    else this.wanted();
  };
}
