/** The process that an event belongs to: what a dead one scheduled does not happen. */
export interface EventOwner {
  readonly alive: boolean;
}

/** Something that happens at a time. Subclasses say what; an event is in at most one queue, once. */
export abstract class ScheduledEvent {
  readonly owner: EventOwner;
  /** Set by the queue: when it is due. */
  timeMs = 0;
  /** Set by the queue: the order of scheduling decides among equal times. */
  sequence = 0;
  /** Set by the queue: where in the heap it is, -1 outside. */
  position = -1;

  constructor(owner: EventOwner) {
    this.owner = owner;
  }

  abstract run(): void;
}

/**
 * Events in order of time, and of scheduling where times are equal: a heap with four children per node (shallower, so
 * faster than two). Each event knows its position, so that a cancelled timer leaves at once instead of piling up.
 */
export class EventQueue {
  readonly #heap: ScheduledEvent[] = [];
  #nextSequence = 0;

  get size(): number {
    return this.#heap.length;
  }

  /** The next event, still in the queue. */
  peek(): ScheduledEvent | undefined {
    return this.#heap[0];
  }

  push(event: ScheduledEvent, timeMs: number): void {
    if (event.position >= 0)
      throw new Error(`event queue: the event is queued already, for ${event.timeMs} ms`);
    event.timeMs = timeMs;
    event.sequence = this.#nextSequence++;
    this.#heap.push(event);
    this.#rise(event, this.#heap.length - 1);
  }

  /** Removes and returns the next event. */
  pop(): ScheduledEvent | undefined {
    const first = this.#heap[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Does nothing when the event is not queued. */
  remove(event: ScheduledEvent): void {
    const hole = event.position;
    if (hole < 0) return;
    event.position = -1;
    const last = this.#heap.pop();
    if (last === undefined || last === event) return;
    const parent = hole === 0 ? undefined : this.#heap[(hole - 1) >> 2];
    if (parent !== undefined && isBefore(last, parent)) this.#rise(last, hole);
    else this.#sink(last, hole);
  }

  #rise(event: ScheduledEvent, from: number): void {
    const heap = this.#heap;
    let position = from;
    while (position > 0) {
      const parentPosition = (position - 1) >> 2;
      const parent = heap[parentPosition];
      if (parent === undefined || !isBefore(event, parent)) break;
      heap[position] = parent;
      parent.position = position;
      position = parentPosition;
    }
    heap[position] = event;
    event.position = position;
  }

  #sink(event: ScheduledEvent, from: number): void {
    const heap = this.#heap;
    const size = heap.length;
    let position = from;
    for (;;) {
      let child = position * 4 + 1;
      let first = heap[child];
      if (first === undefined) break;
      const end = Math.min(child + 4, size);
      for (let other = child + 1; other < end; other++) {
        const candidate = heap[other];
        if (candidate !== undefined && isBefore(candidate, first)) {
          first = candidate;
          child = other;
        }
      }
      if (!isBefore(first, event)) break;
      heap[position] = first;
      first.position = position;
      position = child;
    }
    heap[position] = event;
    event.position = position;
  }
}

function isBefore(left: ScheduledEvent, right: ScheduledEvent): boolean {
  return left.timeMs < right.timeMs || (left.timeMs === right.timeMs && left.sequence < right.sequence);
}
