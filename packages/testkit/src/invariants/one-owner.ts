import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import { Invariant } from './invariant.ts';
import { ListingLooks } from './listing-changes.ts';

/**
 * In a registrar's view every element has one owner: it is listed for the one that it names as its home, once, and for no other.
 * Looked at after each event in which the handlespace was to change.
 */
export class OneOwner extends Invariant {
  readonly name = 'one-owner';
  readonly #seen = new Set<unknown>();
  readonly #looks = new ListingLooks();

  override afterRegistrarEvent(registrar: RegistrarProcess): void {
    if (this.#looks.isDue(registrar)) this.#look(registrar);
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
