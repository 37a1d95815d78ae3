import { createHmac, randomFillSync } from 'node:crypto';
import type { SctpHost, Timer } from '../endpoint/sctp-host.ts';
import type { Hmac } from '../extensions/dynamic-addresses/hmac.ts';

const longestTimerMs = 0x7fffffff; // setTimeout fires at once beyond it

/** Node's HMAC, for {@link dynamicAddresses}. */
export const nodeHmac: Hmac = (hash, key, data) => createHmac(hash, key).update(data).digest();

/** The real world: monotonic clock, Node's timers, unpredictable random numbers, HMAC-SHA-256. */
export class NodeHost implements SctpHost {
  readonly log: SctpHost['log'];
  readonly #random = new Uint32Array(1_024);
  #randomLeft = 0;

  /** @param log default: nothing is logged */
  constructor(log: SctpHost['log'] = () => undefined) {
    this.log = log;
  }

  nowMs(): number {
    return performance.now();
  }

  setTimer(delayMs: number, onExpiry: () => void): Timer {
    if (delayMs <= 0) return new NodeImmediate(setImmediate(onExpiry));
    // Node counts from the start of the present millisecond: one more, so that none expires early.
    return new NodeTimeout(Math.min(Math.ceil(delayMs) + 1, longestTimerMs), onExpiry);
  }

  randomUint32(): number {
    if (this.#randomLeft === 0) {
      randomFillSync(this.#random); // in batches: one call into OpenSSL costs as much as sixty numbers
      this.#randomLeft = this.#random.length;
    }
    return this.#random[--this.#randomLeft] ?? 0;
  }

  authenticate(key: Uint8Array, data: Uint8Array): Uint8Array {
    return nodeHmac('sha256', key, data);
  }
}

/**
 * Expires behind the packets that have come meanwhile. When JavaScript was busy for longer than a timeout, Node runs timers first, and
 * every packet would count as lost though its acknowledgement is there.
 */
class NodeTimeout implements Timer {
  readonly #timeout: NodeJS.Timeout;
  #immediate: NodeJS.Immediate | undefined;

  constructor(delayMs: number, onExpiry: () => void) {
    this.#timeout = setTimeout(() => {
      this.#immediate = setImmediate(onExpiry);
    }, delayMs);
  }

  cancel(): void {
    clearTimeout(this.#timeout);
    clearImmediate(this.#immediate);
  }
}

class NodeImmediate implements Timer {
  readonly #immediate: NodeJS.Immediate;

  constructor(immediate: NodeJS.Immediate) {
    this.#immediate = immediate;
  }

  cancel(): void {
    clearImmediate(this.#immediate);
  }
}
