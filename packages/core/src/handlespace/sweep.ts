import type { Element, ElementRecord } from './element.ts';

/** A part of a sweep. */
export interface SweptPart {
  readonly removed: readonly Element[];
  /** Whether there may be another part; it may turn out empty. */
  readonly more: boolean;
}

/**
 * Removes part by part what a registrar owned when it was marked and that has not been registered since (RFC 5353 section
 * 3.6.3), while the handlespace changes: what is registered, or changes its owner, in between stays, and so does what only a
 * later mark concerns.
 */
export class Sweep {
  readonly #owned: Iterator<ElementRecord>;
  readonly #generation: number;
  readonly #remove: (element: ElementRecord) => void;

  /** @param generation elements of an earlier one are removed */
  constructor(owned: Iterable<ElementRecord>, generation: number, remove: (element: ElementRecord) => void) {
    this.#owned = owned[Symbol.iterator]();
    this.#generation = generation;
    this.#remove = remove;
  }

  /** Looks at `maxElements` elements more (at least 1). */
  next(maxElements: number): SweptPart {
    const removed: ElementRecord[] = [];
    for (let count = 0; count < maxElements; count++) {
      const next = this.#owned.next();
      if (next.done === true) return { removed, more: false };
      if (next.value.generation >= this.#generation) continue;
      this.#remove(next.value);
      removed.push(next.value);
    }
    return { removed, more: true };
  }
}
