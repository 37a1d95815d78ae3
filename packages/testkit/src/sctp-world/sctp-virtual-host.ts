import { createHmac } from 'node:crypto';
import type { LogLevel, SctpHost } from '@rserpool/sctp';
import type { EventOwner } from '../world/event-queue.ts';
import type { VirtualClock } from '../world/virtual-clock.ts';
import { VirtualHost } from '../world/virtual-host.ts';

/** Numbers that are close to 2^32, no two alike in a world: TSNs wrap soon then, and tags differ all the same. */
export class NumbersCloseToWrap {
  readonly #taken = new Set<number>();

  /** @param random any number */
  next(random: number): number {
    let number = 0xffff_ffff - (random % 4_096);
    while (this.#taken.has(number)) number -= 1;
    this.#taken.add(number);
    return number;
  }
}

/** An SCTP engine's host in the virtual world. */
export class SctpVirtualHost extends VirtualHost implements SctpHost {
  readonly #closeToWrap: NumbersCloseToWrap | undefined;
  readonly #onLog: (level: LogLevel, event: string, fields: Readonly<Record<string, unknown>>) => void;

  /** @param closeToWrap if given, half of its random numbers are of these */
  constructor(
    clock: VirtualClock,
    name: string,
    owner: EventOwner,
    closeToWrap: NumbersCloseToWrap | undefined,
    onLog: (level: LogLevel, event: string, fields: Readonly<Record<string, unknown>>) => void,
  ) {
    super(clock, name, owner);
    this.#closeToWrap = closeToWrap;
    this.#onLog = onLog;
  }

  override randomUint32(): number {
    const random = super.randomUint32();
    return this.#closeToWrap === undefined || random % 2 === 0
      ? random
      : this.#closeToWrap.next(random >>> 1);
  }

  authenticate(key: Uint8Array, data: Uint8Array): Uint8Array {
    return createHmac('sha256', key).update(data).digest();
  }

  override log(level: LogLevel, event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#onLog(level, event, fields);
  }
}
