import type { PoolWorld } from '../pool-world/pool-world.ts';
import { Invariant } from './invariant.ts';

/** Less would be too little: when the faults end, all elements may register within a second. */
const averagedMs = 5_000;

/** Two that fight for something, or answer each other without end, make thousands of events in a second. */
export class NoStorm extends Invariant {
  readonly name = 'no-storm';
  #lastEvents = 0;
  #lastMs = 0;

  override now(): void {
    const { clock } = this.world;
    if (clock.nowMs - this.#lastMs < averagedMs) return;
    const seconds = (clock.nowMs - this.#lastMs) / 1_000;
    const perSecond = (clock.eventsRun - this.#lastEvents) / seconds;
    this.#lastEvents = clock.eventsRun;
    this.#lastMs = clock.nowMs;
    const allowed = allowedPerSecond(this.world);
    if (perSecond > allowed) {
      this.violated(`${perSecond.toFixed(0)} events a second, ${allowed.toFixed(0)} are explained`);
    }
  }
}

/** What heartbeats, keep-alives and requests make, with room for a fault every second. */
function allowedPerSecond(world: PoolWorld): number {
  const registrars = world.registrars().length;
  const elements = world.elements().length;
  const users = world.users().length;
  return 200 + 20 * registrars * registrars + (10 + 5 * registrars) * elements + 100 * users;
}
