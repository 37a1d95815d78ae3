import type { Timer } from '@rserpool/core';
import { EventQueue, ScheduledEvent } from './event-queue.ts';
import type { EventOwner } from './event-queue.ts';
import { RandomStream } from './random-stream.ts';

/** For events that belong to the world itself: never dies. */
export const theWorld: EventOwner = { alive: true };

/** Time that passes only by running the events that are scheduled in it. One seed determines a whole run. */
export class VirtualClock {
  readonly seed: number;
  readonly #queue = new EventQueue();
  readonly #streams = new Map<string, number>();
  #nowMs = 0;
  #eventsRun = 0;

  /** @param seed any safe integer; print it when a test fails */
  constructor(seed: number) {
    if (!Number.isSafeInteger(seed))
      throw new RangeError(`clock: the seed must be a safe integer, got ${seed}`);
    this.seed = seed;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Scheduled events of all kinds that have not happened (those of killed processes too, until their time). */
  get pendingTimers(): number {
    return this.#queue.size;
  }

  get eventsRun(): number {
    return this.#eventsRun;
  }

  /** A stream of random numbers of its own: asking twice by one name gives two streams. */
  randomStream(name: string): RandomStream {
    const asked = this.#streams.get(name) ?? 0;
    this.#streams.set(name, asked + 1);
    return new RandomStream(this.seed, `${name}#${asked}`);
  }

  /** @param delayMs not negative and finite; equal times happen in the order of scheduling */
  schedule(event: ScheduledEvent, delayMs: number): void {
    if (!(delayMs >= 0 && delayMs < Infinity)) {
      throw new RangeError(`clock: a delay must be a number of milliseconds from 0, got ${delayMs}`);
    }
    this.#queue.push(event, this.#nowMs + delayMs);
  }

  /** Does nothing when the event has happened. */
  cancel(event: ScheduledEvent): void {
    this.#queue.remove(event);
  }

  /** Calls back once, after `delayMs`. */
  setTimer(delayMs: number, onExpiry: () => void, owner: EventOwner = theWorld): Timer {
    const timer = new TimerEvent(this, owner, onExpiry);
    this.schedule(timer, delayMs);
    return timer;
  }

  /** Runs whatever is due within the next `durationMs`; then that time has passed. */
  runFor(durationMs: number): void {
    const endMs = this.#nowMs + durationMs;
    for (
      let next = this.#queue.peek();
      next !== undefined && next.timeMs <= endMs;
      next = this.#queue.peek()
    ) {
      this.#run(next);
    }
    this.#nowMs = endMs;
  }

  /**
   * Runs until nothing is scheduled.
   * @throws Error when something still is after `limitMs` (default one virtual day): an engine with a periodic timer never idles
   */
  runUntilIdle(limitMs = 86_400_000): void {
    if (!this.runUntil(() => this.#queue.size === 0, limitMs)) {
      throw new Error(
        `clock: not idle after ${limitMs} ms, seed ${this.seed}: ${this.#queue.size} timers pending`,
      );
    }
  }

  /**
   * Runs until the condition holds; it is asked first and after every event.
   * @returns whether it held within `limitMs`; if not, that time has passed
   */
  runUntil(holds: () => boolean, limitMs: number): boolean {
    const endMs = this.#nowMs + limitMs;
    while (!holds()) {
      const next = this.#queue.peek();
      if (next === undefined || next.timeMs > endMs) {
        this.#nowMs = endMs;
        return false;
      }
      this.#run(next);
    }
    return true;
  }

  #run(event: ScheduledEvent): void {
    this.#queue.remove(event);
    this.#nowMs = event.timeMs;
    if (!event.owner.alive) return;
    this.#eventsRun++;
    event.run();
  }
}

class TimerEvent extends ScheduledEvent implements Timer {
  readonly #clock: VirtualClock;
  readonly #onExpiry: () => void;

  constructor(clock: VirtualClock, owner: EventOwner, onExpiry: () => void) {
    super(owner);
    this.#clock = clock;
    this.#onExpiry = onExpiry;
  }

  override run(): void {
    this.#onExpiry();
  }

  cancel(): void {
    this.#clock.cancel(this);
  }
}
