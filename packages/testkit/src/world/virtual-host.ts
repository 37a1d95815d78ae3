import type { Host, LogLevel, Timer } from '@rserpool/core';
import type { EventOwner } from './event-queue.ts';
import type { RandomStream } from './random-stream.ts';
import { theWorld } from './virtual-clock.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** One line of a virtual host's log. Times are the world's. */
export interface VirtualLogEntry {
  readonly timeMs: number;
  readonly host: string;
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** How a host's clock differs from the world's. */
export interface ClockSkew {
  /** Its milliseconds in one of the world's. Default 1. */
  readonly clockRate?: number;
  /** What it shows when the world's shows 0. Default 0. */
  readonly clockOffsetMs?: number;
}

/** An engine's host in the virtual world. */
export class VirtualHost implements Host {
  readonly name: string;
  readonly logEntries: VirtualLogEntry[];
  readonly #clock: VirtualClock;
  readonly #owner: EventOwner;
  readonly #random: RandomStream;
  readonly #rate: number;
  readonly #offsetMs: number;

  /**
   * @param owner the process: its timers die with it
   * @param logEntries where log lines go; several hosts may share a list
   * @throws RangeError for a clock that does not go forward
   */
  constructor(
    clock: VirtualClock,
    name: string,
    owner: EventOwner = theWorld,
    logEntries: VirtualLogEntry[] = [],
    { clockRate = 1, clockOffsetMs = 0 }: ClockSkew = {},
  ) {
    if (!(clockRate > 0 && clockRate < Infinity))
      throw new RangeError(`host: expected a clockRate above 0, got ${clockRate}`);
    this.#clock = clock;
    this.name = name;
    this.#owner = owner;
    this.logEntries = logEntries;
    this.#random = clock.randomStream(name);
    this.#rate = clockRate;
    this.#offsetMs = clockOffsetMs;
  }

  nowMs(): number {
    return this.#shownAt(this.#clock.nowMs);
  }

  setTimer(delayMs: number, onExpiry: () => void): Timer {
    return this.#clock.setTimer(
      this.#rate === 1 && this.#offsetMs === 0 ? delayMs : this.#worldDelayMs(delayMs),
      onExpiry,
      this.#owner,
    );
  }

  randomUint32(): number {
    return this.#random.nextUint32();
  }

  log(level: LogLevel, event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.logEntries.push({ timeMs: this.#clock.nowMs, host: this.name, level, event, fields });
  }

  #shownAt(worldMs: number): number {
    return this.#offsetMs + worldMs * this.#rate;
  }

  /** So that this clock shows no less than the delay when the timer expires, however the division was rounded. */
  #worldDelayMs(delayMs: number): number {
    const nowMs = this.#clock.nowMs;
    const dueMs = this.#shownAt(nowMs) + delayMs;
    let worldDelayMs = delayMs / this.#rate;
    for (let stepMs = 1e-9; this.#shownAt(nowMs + worldDelayMs) < dueMs; stepMs *= 2) worldDelayMs += stepMs;
    return worldDelayMs;
  }
}

/** Log lines for a person, one per line. */
export function formatVirtualLog(entries: readonly VirtualLogEntry[]): string {
  return entries
    .map((entry) => {
      const fields = Object.entries(entry.fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
      return `${entry.timeMs.toFixed(3).padStart(12)} ${entry.host} ${entry.level}: ${entry.event}${fields.join('')}`;
    })
    .join('\n');
}
