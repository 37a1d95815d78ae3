import type { Timer } from '@rserpool/core';
import { EventQueue, ScheduledEvent } from './event-queue.ts';
import type { EventOwner } from './event-queue.ts';
import { RandomStream } from './random-stream.ts';

/** For events that belong to the world itself: never dies. */
export const theWorld: EventOwner = { alive: true };

/** An event that has not happened. */
export interface PendingEvent {
  readonly event: ScheduledEvent;
  readonly kind: string;
  /** When it is due; now for what a suspended process holds. */
  readonly timeMs: number;
}

/** Time that passes only by running the events that are scheduled in it. One seed determines a whole run. */
export class VirtualClock {
  readonly seed: number;
  /**
   * Called after every event that happened, with its owner: the process whose code ran, or {@link theWorld}. For checkers,
   * which need to look only at that process.
   */
  afterEvent: ((owner: EventOwner) => void) | undefined;
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

  /**
   * Scheduled events of all kinds that are not due yet (those of killed processes too, until their time; not those that a
   * suspended process holds).
   */
  get pendingTimers(): number {
    return this.#queue.size;
  }

  /** What an owner has scheduled, in the order in which it would happen; what it holds while suspended comes first. */
  pendingOf(owner: EventOwner): PendingEvent[] {
    const held = (owner.held ?? []).map((event) => ({ event, kind: event.kind, timeMs: this.#nowMs }));
    const queued = this.#queue.ownedBy(owner).map((event) => ({
      event,
      kind: event.kind,
      timeMs: this.#queue.timeMsOf(event) ?? this.#nowMs,
    }));
    return [...held, ...queued];
  }

  /** How many timers each owner has scheduled; without what it holds while suspended. */
  timersByOwner(): ReadonlyMap<EventOwner, number> {
    return this.#queue.countByOwner(timerKind);
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
    if (event.slot >= 0) this.#queue.remove(event);
    else if (event.owner.holding === true) event.owner.drop?.(event);
  }

  /** Runs an event that a suspended process has held, now that it goes on. For its owner only. */
  runHeld(event: ScheduledEvent): void {
    this.#happen(event);
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
    while (this.#queue.size > 0 && this.#queue.nextTimeMs() <= endMs) this.#runNext();
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
      if (this.#queue.size === 0 || this.#queue.nextTimeMs() > endMs) {
        this.#nowMs = endMs;
        return false;
      }
      this.#runNext();
    }
    return true;
  }

  #runNext(): void {
    const timeMs = this.#queue.nextTimeMs();
    const event = this.#queue.pop();
    if (event === undefined) return;
    this.#nowMs = timeMs;
    const { owner } = event;
    if (!owner.alive) return;
    if (owner.holding === true) owner.hold?.(event);
    else this.#happen(event);
  }

  #happen(event: ScheduledEvent): void {
    this.#eventsRun++;
    event.run();
    this.afterEvent?.(event.owner);
  }
}

const timerKind = 'timer';

class TimerEvent extends ScheduledEvent implements Timer {
  readonly #clock: VirtualClock;
  readonly #onExpiry: () => void;

  constructor(clock: VirtualClock, owner: EventOwner, onExpiry: () => void) {
    super(owner);
    this.#clock = clock;
    this.#onExpiry = onExpiry;
  }

  override get kind(): string {
    return timerKind;
  }

  override run(): void {
    this.#onExpiry();
  }

  cancel(): void {
    this.#clock.cancel(this);
  }
}
