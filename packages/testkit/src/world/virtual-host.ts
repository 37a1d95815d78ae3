import type { Host, LogLevel, Timer } from '@rserpool/core';
import type { EventOwner } from './event-queue.ts';
import type { RandomStream } from './random-stream.ts';
import { theWorld } from './virtual-clock.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** One line of a virtual host's log. */
export interface VirtualLogEntry {
  readonly timeMs: number;
  readonly host: string;
  readonly level: LogLevel;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** An engine's host in the virtual world. Its clock runs at the world's rate. */
export class VirtualHost implements Host {
  readonly name: string;
  readonly logEntries: VirtualLogEntry[];
  readonly #clock: VirtualClock;
  readonly #owner: EventOwner;
  readonly #random: RandomStream;

  /**
   * @param owner the process: its timers die with it
   * @param logEntries where log lines go; several hosts may share a list
   */
  constructor(
    clock: VirtualClock,
    name: string,
    owner: EventOwner = theWorld,
    logEntries: VirtualLogEntry[] = [],
  ) {
    this.#clock = clock;
    this.name = name;
    this.#owner = owner;
    this.logEntries = logEntries;
    this.#random = clock.randomStream(name);
  }

  nowMs(): number {
    return this.#clock.nowMs;
  }

  setTimer(delayMs: number, onExpiry: () => void): Timer {
    return this.#clock.setTimer(delayMs, onExpiry, this.#owner);
  }

  randomUint32(): number {
    return this.#random.nextUint32();
  }

  log(level: LogLevel, event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.logEntries.push({ timeMs: this.#clock.nowMs, host: this.name, level, event, fields });
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
