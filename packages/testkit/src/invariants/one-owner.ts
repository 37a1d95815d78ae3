import type { PoolProcess } from '../pool-world/pool-world.ts';
import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import { Invariant } from './invariant.ts';

/** Looked at anyway after so many events of a registrar in which nothing that it lists has changed. */
const eventsBetweenLooks = 50;

/**
 * In a registrar's view every element has one owner: it is listed for the one that it names as its home, once, and for no other.
 * Looked at after each event that changed which elements are listed or whose they are.
 */
export class OneOwner extends Invariant {
  readonly name = 'one-owner';
  readonly #seen = new Set<unknown>();
  readonly #looks = new WeakMap<RegistrarProcess, { mark: number; events: number }>();

  override afterEvent(process: PoolProcess): void {
    if (process.kind !== 'registrar') return;
    let look = this.#looks.get(process);
    if (look === undefined) this.#looks.set(process, (look = { mark: NaN, events: 0 }));
    const mark = markOf(process);
    if (mark === look.mark && ++look.events < eventsBetweenLooks) return;
    look.mark = mark;
    look.events = 0;
    this.#look(process);
  }

  #look(process: RegistrarProcess): void {
    const { handlespace } = process.engine;
    const seen = this.#seen;
    seen.clear();
    for (const ownerId of handlespace.owners()) {
      let owned = 0;
      for (const element of handlespace.ownedBy(ownerId)) {
        owned++;
        const { elementId, homeRegistrarId, pool } = element;
        if (seen.has(element)) this.violated(`${process.name} lists element ${elementId} for two owners`);
        seen.add(element);
        if (homeRegistrarId !== ownerId || handlespace.find(pool.handle, elementId) !== element) {
          this.violated(
            `${process.name} lists ${pool.handle}/${elementId} of ${homeRegistrarId} for ${ownerId}`,
          );
        }
      }
      if (owned !== handlespace.ownedCount(ownerId)) {
        this.violated(
          `${process.name} counts ${handlespace.ownedCount(ownerId)} of ${ownerId}, not ${owned}`,
        );
      }
    }
    let pooled = 0;
    for (const pool of handlespace.pools()) {
      pooled += pool.size;
      if (pool.size === 0) this.violated(`${process.name} keeps the pool ${pool.handle}, which is empty`);
    }
    if (seen.size !== handlespace.elementCount || pooled !== seen.size) {
      this.violated(
        `${process.name} counts ${handlespace.elementCount} elements, has ${pooled} in pools and ${seen.size} owned`,
      );
    }
  }
}

/** A hash over what is listed, and its owners. */
function markOf({ engine }: RegistrarProcess): number {
  let mark = engine.handlespace.elementCount;
  for (const pool of engine.handlespace.pools()) {
    mark = Math.imul(mark ^ pool.size, 0x01000193);
    for (const { elementId, homeRegistrarId } of pool.elements()) {
      mark = Math.imul(mark ^ elementId, 0x01000193);
      mark = Math.imul(mark ^ homeRegistrarId, 0x01000193);
    }
  }
  return mark;
}
