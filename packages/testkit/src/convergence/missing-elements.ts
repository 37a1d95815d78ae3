import { poolHandle } from '@rserpool/wire';
import { ElementProcess } from '../pool-world/element-process.ts';
import type { PoolWorld } from '../pool-world/pool-world.ts';
import { RegistrarProcess } from '../pool-world/registrar-process.ts';
import type { ProcessEvent, WorldObserver } from '../pool-world/world-observer.ts';
import type { WorldProcess } from '../pool-world/world-process.ts';

const lookIntervalMs = 50;

/**
 * Notes when living elements are missing in what a serving registrar answers, as its users feel it. What a cut keeps apart does not
 * count until it is healed: a registrar must not list what it cannot reach. That an element leaves is heard of at once, that it is
 * back when one looks: so absences are measured up to 50 ms too long, never too short.
 */
export class MissingElements implements WorldObserver {
  readonly #world: PoolWorld;
  readonly #elements = new Map<string, ElementProcess>();
  /** By registrar: since when which elements are missing. */
  readonly #missing = new Map<RegistrarProcess, Map<ElementProcess, number>>();
  readonly #everMissing = new Set<ElementProcess>();
  /** Hosts that do not reach each other. */
  readonly #cut = new Set<string>();
  #longestMs = 0;

  /** For the elements that are there now, until all of them live no more. */
  constructor(world: PoolWorld) {
    this.#world = world;
    for (const element of world.elements()) this.#elements.set(keyOf(element), element);
    world.observers.push(this);
    this.#lookLater();
  }

  /** Longest time that one element was missing at one registrar that lived and served, so far. */
  get longestMs(): number {
    return this.#longestMs;
  }

  /** Elements that were missing somewhere for some time. */
  get count(): number {
    return this.#everMissing.size;
  }

  onEvent(by: WorldProcess, event: ProcessEvent): void {
    if (by instanceof ElementProcess && event.type === 'element-id-changed') {
      this.#elements.set(keyOf(by), by);
    } else if (by instanceof RegistrarProcess && event.type === 'removed') {
      const element = this.#elements.get(`${event.elementId} ${event.poolHandle}`);
      if (element !== undefined && by.engine.phase === 'serving') this.#note(by, element);
    } else if (by instanceof RegistrarProcess && event.type === 'serving') {
      for (const element of this.#elements.values()) if (!isListed(by, element)) this.#note(by, element);
    }
  }

  onLink(change: 'cut' | 'healed', from: string, to: string): void {
    for (const link of [linkName(from, to), linkName(to, from)]) {
      if (change === 'cut') this.#cut.add(link);
      else this.#cut.delete(link);
    }
  }

  #look(): void {
    for (const [registrar, missing] of this.#missing) {
      if (!registrar.alive) this.#missing.delete(registrar);
      else for (const [element, sinceMs] of missing) this.#lookFor(registrar, missing, element, sinceMs);
    }
  }

  #lookLater(): void {
    this.#world.clock.setTimer(lookIntervalMs, () => {
      this.#look();
      this.#lookLater();
    });
  }

  #lookFor(
    registrar: RegistrarProcess,
    missing: Map<ElementProcess, number>,
    element: ElementProcess,
    sinceMs: number,
  ): void {
    const { nowMs } = this.#world.clock;
    if (this.#cut.has(linkName(registrar.name, element.name))) {
      missing.set(element, nowMs);
      return;
    }
    this.#everMissing.add(element);
    this.#longestMs = Math.max(this.#longestMs, nowMs - sinceMs);
    if (isListed(registrar, element)) missing.delete(element);
  }

  #note(registrar: RegistrarProcess, element: ElementProcess): void {
    let missing = this.#missing.get(registrar);
    if (missing === undefined) this.#missing.set(registrar, (missing = new Map<ElementProcess, number>()));
    if (!missing.has(element)) missing.set(element, this.#world.clock.nowMs);
  }
}

function linkName(from: string, to: string): string {
  return `${from} ${to}`;
}

function keyOf(element: ElementProcess): string {
  return `${element.elementId} ${poolHandle(element.options.pool)}`;
}

function isListed({ engine }: RegistrarProcess, element: ElementProcess): boolean {
  return engine.handlespace.find(poolHandle(element.options.pool), element.elementId) !== undefined;
}
