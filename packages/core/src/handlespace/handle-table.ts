import type { PoolElementParameter, PoolEntry } from '@rserpool/wire';
import { elementParameter } from './element.ts';
import type { ElementRecord } from './element.ts';
import type { PoolRecord } from './pool.ts';

/** One page of a handle table. */
export interface HandleTablePage {
  readonly pools: readonly PoolEntry[];
  /** Whether there may be another page; it may turn out empty. */
  readonly more: boolean;
}

/**
 * Reads a handlespace, or what one registrar owns of it, page by page for ENRP_HANDLE_TABLE_RESPONSE (RFC 5353 section
 * 3.2.3), while it changes. An element that is there from the first page to the last is read exactly once; one that comes
 * meanwhile is read too; one that goes is not read after it went. It holds on to nothing that would have to be released.
 */
export class HandleTable {
  readonly #elements: Iterator<ElementRecord>; // of a Set or a Map: those go on correctly when their base changes
  readonly #isListed: (element: ElementRecord) => boolean;
  #upcoming: ElementRecord | undefined;

  constructor(elements: Iterator<ElementRecord>, isListed: (element: ElementRecord) => boolean) {
    this.#elements = elements;
    this.#isListed = isListed;
    this.#upcoming = this.#advance();
  }

  /** The next page, of at most `maxElements` elements (at least 1), with the attributes that they have now. */
  next(maxElements: number): HandleTablePage {
    const parameters = new Map<PoolRecord, PoolElementParameter[]>();
    for (let count = 0; count < maxElements && this.#upcoming !== undefined;) {
      const element = this.#upcoming;
      this.#upcoming = this.#advance();
      if (!this.#isListed(element)) continue; // went since it was read ahead
      const ofPool = parameters.get(element.pool) ?? [];
      if (ofPool.length === 0) parameters.set(element.pool, ofPool);
      ofPool.push(elementParameter(element));
      count++;
    }
    const pools = Array.from(parameters, ([pool, elements]) => ({ poolHandle: pool.handle, elements }));
    return { pools, more: this.#upcoming !== undefined };
  }

  #advance(): ElementRecord | undefined {
    const result = this.#elements.next();
    return result.done === true ? undefined : result.value;
  }
}
