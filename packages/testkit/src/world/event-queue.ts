/** The process that an event belongs to: what a dead one scheduled does not happen. */
export interface EventOwner {
  readonly alive: boolean;
  /** While true its events are not run when they are due, but given to `hold`. */
  readonly holding?: boolean;
  /** Takes an event whose time has come. */
  hold?(event: ScheduledEvent): void;
  /** Forgets an event that was cancelled while it was held. */
  drop?(event: ScheduledEvent): void;
  /** What it holds, oldest first. */
  readonly held?: readonly ScheduledEvent[];
}

/**
 * Something that happens at a time. Subclasses say what; an event is in at most one queue, once. Its fields are declared only, and
 * assigned: those of a class with many subclasses V8 defines slowly, and nothing is made as often as events.
 */
export abstract class ScheduledEvent {
  declare readonly owner: EventOwner;
  /** Set by the queue: its place there, -1 outside. */
  declare slot: number;

  constructor(owner: EventOwner) {
    this.owner = owner;
    this.slot = -1;
  }

  /** What sort of event it is, for a person who looks for leaks. */
  get kind(): string {
    return this.constructor.name;
  }

  abstract run(): void;
}

const initialCapacity = 64;

/**
 * Events in order of time, and of scheduling where times are equal: a heap with four children per node (shallower, so
 * faster than two). The heap holds times, sequence numbers and slots in arrays of numbers; the events stay in their slots,
 * so that sifting touches no object. A slot knows its position, so that a cancelled timer leaves at once instead of piling up.
 */
export class EventQueue {
  #size = 0;
  #nextSequence = 0;
  #times = new Float64Array(initialCapacity);
  /** The order of scheduling. A float holds 2^53 of them. */
  #sequences = new Float64Array(initialCapacity);
  #slots = new Int32Array(initialCapacity);
  /** In the heap, by slot. */
  #positions = new Int32Array(initialCapacity);
  readonly #events: (ScheduledEvent | undefined)[] = [];
  readonly #freeSlots: number[] = [];

  get size(): number {
    return this.#size;
  }

  /** The next event, still in the queue. */
  peek(): ScheduledEvent | undefined {
    return this.#size === 0 ? undefined : this.#events[this.#slots[0] ?? 0];
  }

  /** When the next event is due; Infinity when there is none. */
  nextTimeMs(): number {
    return this.#size === 0 ? Infinity : (this.#times[0] ?? Infinity);
  }

  /** When a queued event is due; undefined when it is not queued. */
  timeMsOf(event: ScheduledEvent): number | undefined {
    return event.slot < 0 ? undefined : this.#times[this.#positionOf(event)];
  }

  /** The queued events of one owner, in the order in which they would happen. Slow: looks at all. */
  ownedBy(owner: EventOwner): ScheduledEvent[] {
    const time = (event: ScheduledEvent): number => this.#times[this.#positionOf(event)] ?? 0;
    const sequence = (event: ScheduledEvent): number => this.#sequences[this.#positionOf(event)] ?? 0;
    return this.#events
      .filter((event) => event !== undefined)
      .filter((event) => event.owner === owner)
      .sort((left, right) => time(left) - time(right) || sequence(left) - sequence(right));
  }

  /** How many events of one kind each owner has queued. Looks at all, once. */
  countByOwner(kind: string): Map<EventOwner, number> {
    const counts = new Map<EventOwner, number>();
    for (const event of this.#events) {
      if (event?.kind === kind) counts.set(event.owner, (counts.get(event.owner) ?? 0) + 1);
    }
    return counts;
  }

  push(event: ScheduledEvent, timeMs: number): void {
    if (event.slot >= 0)
      throw new Error(`event queue: the event is queued already, for ${this.timeMsOf(event) ?? NaN} ms`);
    const slot = this.#freeSlots.pop() ?? this.#events.length;
    if (this.#size === this.#times.length) this.#grow();
    this.#events[slot] = event;
    event.slot = slot;
    this.#rise(slot, timeMs, this.#nextSequence++, this.#size++);
  }

  /** Removes and returns the next event. */
  pop(): ScheduledEvent | undefined {
    const first = this.peek();
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Does nothing when the event is not queued. */
  remove(event: ScheduledEvent): void {
    const freed = event.slot;
    if (freed < 0) return;
    const hole = this.#positions[freed] ?? 0;
    event.slot = -1;
    this.#events[freed] = undefined;
    this.#freeSlots.push(freed);
    const last = --this.#size;
    if (hole === last) return;
    const timeMs = this.#times[last] ?? 0;
    const sequence = this.#sequences[last] ?? 0;
    const slot = this.#slots[last] ?? 0;
    // What is last in the heap belongs far down, so mostly it sinks.
    if (hole > 0 && this.#isBefore(timeMs, sequence, (hole - 1) >> 2))
      this.#rise(slot, timeMs, sequence, hole);
    else this.#sink(slot, timeMs, sequence, hole);
  }

  #positionOf(event: ScheduledEvent): number {
    return this.#positions[event.slot] ?? 0;
  }

  #isBefore(timeMs: number, sequence: number, other: number): boolean {
    const otherTimeMs = this.#times[other] ?? 0;
    return timeMs < otherTimeMs || (timeMs === otherTimeMs && sequence < (this.#sequences[other] ?? 0));
  }

  #rise(slot: number, timeMs: number, sequence: number, from: number): void {
    let position = from;
    while (position > 0) {
      const parent = (position - 1) >> 2;
      if (!this.#isBefore(timeMs, sequence, parent)) break;
      this.#move(parent, position);
      position = parent;
    }
    this.#place(slot, timeMs, sequence, position);
  }

  #sink(slot: number, timeMs: number, sequence: number, from: number): void {
    const times = this.#times;
    const size = this.#size;
    let position = from;
    for (;;) {
      let child = position * 4 + 1;
      if (child >= size) break;
      let childTimeMs = times[child] ?? 0;
      const end = Math.min(child + 4, size);
      for (let other = child + 1; other < end; other++) {
        const otherTimeMs = times[other] ?? 0;
        if (otherTimeMs < childTimeMs || (otherTimeMs === childTimeMs && this.#isEarlier(other, child))) {
          child = other;
          childTimeMs = otherTimeMs;
        }
      }
      if (this.#isBefore(timeMs, sequence, child)) break;
      this.#move(child, position);
      position = child;
    }
    this.#place(slot, timeMs, sequence, position);
  }

  #isEarlier(left: number, right: number): boolean {
    return (this.#sequences[left] ?? 0) < (this.#sequences[right] ?? 0);
  }

  #move(from: number, to: number): void {
    this.#place(this.#slots[from] ?? 0, this.#times[from] ?? 0, this.#sequences[from] ?? 0, to);
  }

  #place(slot: number, timeMs: number, sequence: number, position: number): void {
    this.#times[position] = timeMs;
    this.#sequences[position] = sequence;
    this.#slots[position] = slot;
    this.#positions[slot] = position;
  }

  #grow(): void {
    const capacity = 2 * this.#size;
    this.#times = copied(this.#times, new Float64Array(capacity));
    this.#sequences = copied(this.#sequences, new Float64Array(capacity));
    this.#slots = copied(this.#slots, new Int32Array(capacity));
    this.#positions = copied(this.#positions, new Int32Array(capacity));
  }
}

function copied<A extends Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
