import { randomFillSync } from 'node:crypto';
import type { Host, LogLevel, Timer } from '@rserpool/core';

/** Where log lines go: `event` is a short fixed phrase, what varies is in `fields`. pino's child loggers fit with two lines. */
export type Log = (level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** Says nothing. */
export const silent: Log = () => undefined;

const longestTimerMs = 0x7fffffff; // setTimeout fires at once beyond it

/** The real world for an engine: monotonic clock, Node's timers, unpredictable random numbers. */
export class NodeHost implements Host {
  readonly log: Log;
  readonly #random = new Uint32Array(1024);
  #randomLeft = 0;

  constructor(log: Log) {
    this.log = log;
  }

  nowMs(): number {
    return performance.now();
  }

  setTimer(delayMs: number, onExpiry: () => void): Timer {
    return new NodeTimer(setTimeout(onExpiry, Math.min(Math.max(Math.ceil(delayMs), 0), longestTimerMs)));
  }

  randomUint32(): number {
    if (this.#randomLeft === 0) {
      randomFillSync(this.#random); // in batches: one call into OpenSSL costs as much as sixty numbers
      this.#randomLeft = this.#random.length;
    }
    return this.#random[--this.#randomLeft] ?? 0;
  }
}

/** A class, and not an object with a closure, because there is one for every registered element. */
class NodeTimer implements Timer {
  readonly #timeout: NodeJS.Timeout;

  constructor(timeout: NodeJS.Timeout) {
    this.#timeout = timeout;
  }

  cancel(): void {
    clearTimeout(this.#timeout);
  }
}
