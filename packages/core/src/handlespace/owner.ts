import { internetChecksum } from './checksum.ts';
import type { ElementRecord } from './element.ts';

/** What one registrar owns, in the order in which it came to it, with its PE checksum (RFC 5353 sections 3.6.2 and 4.1). */
export class OwnerRecord implements Iterable<ElementRecord> {
  readonly registrarId: number;
  /** Number of elements. */
  size = 0;
  /** How often what it owns was marked: an element of an earlier generation has not been registered since (RFC 5353 section 3.6.3). */
  generation = 0;
  #elements: (ElementRecord | undefined)[] = []; // with holes where elements have left
  #wordSum = 0; // exact: 2 ** 53 is far beyond what a handlespace holds

  constructor(registrarId: number) {
    this.registrarId = registrarId;
  }

  /** Takes an element that has no owner. */
  add(element: ElementRecord): void {
    element.owner = this;
    element.ownerPosition = this.#elements.length;
    element.generation = this.generation;
    this.#elements.push(element);
    this.size++;
    this.#wordSum += blockSum(element);
  }

  /** Gives away an element that it owns. */
  remove(element: ElementRecord): void {
    element.owner = undefined;
    this.#elements[element.ownerPosition] = undefined;
    this.size--;
    this.#wordSum -= blockSum(element);
    if (this.#elements.length > 2 * this.size + 32) this.#closeHoles();
  }

  /** The PE checksum of what it owns. */
  checksum(): number {
    return internetChecksum(this.#wordSum);
  }

  /**
   * Goes on correctly when elements come and go: those that stay are seen once each. Closing the holes makes a new array; who
   * iterates keeps the old one, in which all that stay still are, and skips what has left.
   */
  *[Symbol.iterator](): Generator<ElementRecord> {
    for (const element of this.#elements) if (element?.owner === this) yield element;
  }

  #closeHoles(): void {
    const elements: ElementRecord[] = [];
    for (const element of this.#elements) {
      if (element === undefined) continue;
      element.ownerPosition = elements.length;
      elements.push(element);
    }
    this.#elements = elements;
  }
}

/** Sum of the 16-bit words of an element's block: pool handle, then PE identifier. */
function blockSum({ pool, elementId }: ElementRecord): number {
  return pool.handleSum + (elementId >>> 16) + (elementId & 0xffff);
}
