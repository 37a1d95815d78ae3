import type { RegistrarProcess } from '../pool-world/registrar-process.ts';
import { Invariant } from './invariant.ts';
import { ListingLooks } from './listing-changes.ts';

/**
 * The checksum that a registrar has for each owner is that of RFC 5353 section 3.6.2 over the elements that it lists for it, added
 * up anew from the wire form: pool handle, padded to 32 bits, and PE identifier. Looked at after each event in which the
 * handlespace was to change.
 */
export class ChecksumCoversElements extends Invariant {
  readonly name = 'checksum-covers-elements';
  readonly #handleWords = new Map<string, number>();
  readonly #sums = new Map<number, number>();
  readonly #looks = new ListingLooks();

  override afterRegistrarEvent(registrar: RegistrarProcess): void {
    if (this.#looks.isDue(registrar)) this.#look(registrar);
  }

  #look({ engine, name }: RegistrarProcess): void {
    const { handlespace, id } = engine;
    const sums = this.#sums;
    sums.clear();
    let ownerId = id;
    let sum = 0;
    for (const pool of handlespace.pools()) {
      const words = this.#wordsOf(pool.handle);
      for (const { elementId, homeRegistrarId } of pool.elements()) {
        if (homeRegistrarId !== ownerId) {
          sums.set(ownerId, sum);
          ownerId = homeRegistrarId;
          sum = sums.get(ownerId) ?? 0;
        }
        sum += words + (elementId >>> 16) + (elementId & 0xffff);
      }
    }
    sums.set(ownerId, sum);
    if (!sums.has(id)) sums.set(id, 0);
    for (const [registrarId, words] of sums) {
      const expected = 0xffff - folded(words);
      const found = handlespace.checksum(registrarId);
      if (found !== expected) {
        this.violated(`${name} has the checksum ${found} for owner ${registrarId}, expected ${expected}`);
      }
    }
  }

  #wordsOf(handle: string): number {
    let words = this.#handleWords.get(handle);
    if (words === undefined) {
      words = 0;
      for (let index = 0; index < handle.length; index++) {
        words += handle.charCodeAt(index) * (index % 2 === 0 ? 0x100 : 1);
      }
      this.#handleWords.set(handle, words);
    }
    return words;
  }
}

/** RFC 1071: carries are added to the low word. */
function folded(sum: number): number {
  let rest = sum;
  while (rest > 0xffff) rest = (rest % 0x10000) + Math.floor(rest / 0x10000);
  return rest;
}
