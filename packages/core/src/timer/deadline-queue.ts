import type { Host, Timer } from '../port/host.ts';
import { IndexedHeap } from '../structures/indexed-heap.ts';
import { SlotRings } from '../structures/slot-rings.ts';

/** What a {@link DeadlineQueue} holds. */
export interface Expiring {
  /** How long it lives from each time that it is scheduled; Infinity for ever. */
  readonly registrationLifeMs: number;
  /** When it expires, on the host's clock: when it was scheduled, plus its life. */
  readonly expiresAtMs: number;
  /** The queue's own; start with -1. */
  deadlineSlot: number;
}

/** Items of one life: who was scheduled first expires first, so a ring in the order of scheduling is in order. */
interface LifeClass {
  readonly lifeMs: number;
  readonly id: number;
  head: number;
}

/** Hosts count timers in 31 bits of milliseconds; a longer wait is split. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Calls back when an item expires, with one host timer for all. Scheduling an item anew, as each re-registration does, takes a
 * time that does not depend on how many there are, only on how many different lives: a heap holds those by the deadline of
 * their first item. The timer is not put off with the deadline; it finds nothing to do then and is set again.
 */
export class DeadlineQueue<T extends Expiring> {
  readonly #host: Host;
  readonly #onExpired: (item: T) => void;
  readonly #heap = new IndexedHeap(); // class ids by the deadline of the head
  readonly #classes: (LifeClass | undefined)[] = []; // by id
  readonly #classOfLife = new Map<number, LifeClass>();
  readonly #freeIds: number[] = [];
  readonly #rings = new SlotRings();
  readonly #items: (T | undefined)[] = []; // by slot
  readonly #classOfSlot: (LifeClass | undefined)[] = [];
  readonly #freeSlots: number[] = [];
  #timer: Timer | undefined;
  #timerAtMs = Infinity;

  constructor(host: Host, onExpired: (item: T) => void) {
    this.#host = host;
    this.#onExpired = onExpired;
  }

  /** Takes notice of an item's life and expiry time; to be called whenever they were set. */
  schedule(item: T): void {
    if (item.registrationLifeMs === Infinity) {
      this.remove(item);
      return;
    }
    if (item.deadlineSlot >= 0) {
      this.#leave(item.deadlineSlot);
    } else {
      item.deadlineSlot = this.#freeSlots.pop() ?? this.#items.length;
      this.#items[item.deadlineSlot] = item;
    }
    this.#enter(item.deadlineSlot, item);
    if (item.expiresAtMs < this.#timerAtMs) this.#arm();
  }

  /** Forgets an item. Does nothing where it is not held. */
  remove(item: T): void {
    if (item.deadlineSlot < 0) return;
    this.#leave(item.deadlineSlot);
    this.#release(item);
    if (this.#heap.size === 0) this.#disarm();
  }

  /** Forgets all items. */
  close(): void {
    for (const item of this.#items) if (item !== undefined) this.remove(item);
  }

  #enter(slot: number, item: T): void {
    const lifeClass =
      this.#classOfLife.get(item.registrationLifeMs) ?? this.#createClass(item.registrationLifeMs);
    this.#classOfSlot[slot] = lifeClass;
    this.#rings.insertBefore(lifeClass.head, slot);
    if (lifeClass.head >= 0) return;
    lifeClass.head = slot;
    this.#heap.add(lifeClass.id, item.expiresAtMs, lifeClass.id);
  }

  #leave(slot: number): void {
    const lifeClass = this.#classOfSlot[slot];
    if (lifeClass === undefined) return;
    const next = this.#rings.remove(slot);
    if (lifeClass.head !== slot) return;
    lifeClass.head = next;
    const head = this.#items[next];
    if (head === undefined) this.#removeClass(lifeClass);
    else this.#heap.update(lifeClass.id, head.expiresAtMs, lifeClass.id);
  }

  #release(item: T): void {
    this.#items[item.deadlineSlot] = undefined;
    this.#classOfSlot[item.deadlineSlot] = undefined;
    this.#freeSlots.push(item.deadlineSlot);
    item.deadlineSlot = -1;
  }

  #createClass(lifeMs: number): LifeClass {
    const lifeClass = { lifeMs, id: this.#freeIds.pop() ?? this.#classes.length, head: -1 };
    this.#classes[lifeClass.id] = lifeClass;
    this.#classOfLife.set(lifeMs, lifeClass);
    return lifeClass;
  }

  #removeClass(lifeClass: LifeClass): void {
    this.#heap.remove(lifeClass.id);
    this.#classes[lifeClass.id] = undefined;
    this.#classOfLife.delete(lifeClass.lifeMs);
    this.#freeIds.push(lifeClass.id);
  }

  /** Sets the timer for the first deadline, where it is not set for that or an earlier time. */
  #arm(): void {
    const first = this.#heap.first();
    if (first < 0) return;
    const firstAtMs = this.#heap.major(first);
    if (firstAtMs >= this.#timerAtMs) return;
    this.#timer?.cancel();
    const nowMs = this.#host.nowMs();
    const delayMs = Math.min(Math.max(0, firstAtMs - nowMs), longestTimerMs);
    this.#timerAtMs = nowMs + delayMs;
    this.#timer = this.#host.setTimer(delayMs, () => this.#expire());
  }

  #disarm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerAtMs = Infinity;
  }

  #expire(): void {
    // The host promises not to be early; a clock that rounds must not make us wait for the last digit.
    const nowMs = Math.max(this.#host.nowMs(), this.#timerAtMs);
    this.#disarm();
    for (let first = this.#heap.first(); first >= 0; first = this.#heap.first()) {
      if (this.#heap.major(first) > nowMs) break;
      const item = this.#items[this.#classes[first]?.head ?? -1];
      if (item === undefined) break;
      this.#leave(item.deadlineSlot);
      this.#release(item);
      this.#onExpired(item);
    }
    this.#arm();
  }
}
