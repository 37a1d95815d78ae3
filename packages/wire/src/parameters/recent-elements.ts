import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { PoolElementParameter } from './pool-element.ts';

const slotCount = 1024; // a power of two

/**
 * The bytes of elements that were written last. A registrar's answers about one pool are mostly made of the same elements: a
 * policy moves on by one element from answer to answer, while an answer has up to 128 (RFC 5356 section 4.1.2). An element is
 * known by its identity as an object, which is never changed (all its fields are readonly). Its bytes are kept from the second
 * time on, so that what is sent once, as in a handle update, costs no copy.
 */
export class RecentElements {
  readonly #elements: (PoolElementParameter | undefined)[] = new Array<undefined>(slotCount).fill(undefined);
  readonly #bytes: (Uint8Array | undefined)[] = new Array<undefined>(slotCount).fill(undefined);

  /** The element's bytes where they are known. */
  find(element: PoolElementParameter): Uint8Array | undefined {
    const slot = slotOf(element);
    return this.#elements[slot] === element ? this.#bytes[slot] : undefined;
  }

  /** The element has just been written, from `start` on. */
  written(element: PoolElementParameter, writer: ByteWriter, start: number): void {
    const slot = slotOf(element);
    if (this.#elements[slot] === element) {
      this.#bytes[slot] = writer.copyFrom(start);
    } else {
      this.#elements[slot] = element;
      this.#bytes[slot] = undefined;
    }
  }
}

function slotOf({ elementId }: PoolElementParameter): number {
  return (elementId ^ (elementId >>> 16)) & (slotCount - 1);
}
