import { Fifo } from './fifo.ts';
import type { OutboundChunk } from './outbound-chunk.ts';
import { nextTsn, tsnDistance } from './serial-number.ts';

/** The DATA chunks that have a TSN and are not cumulatively acknowledged. Their TSNs are in a row, which makes an index of them. */
export class OutstandingChunks {
  readonly #chunks = new Fifo<OutboundChunk>();
  #firstTsn: number;

  constructor(initialTsn: number) {
    this.#firstTsn = initialTsn;
  }

  get size(): number {
    return this.#chunks.size;
  }

  /** Everything before it is cumulatively acknowledged. */
  get firstTsn(): number {
    return this.#firstTsn;
  }

  /** The TSN that a further chunk has. */
  get nextTsn(): number {
    return (this.#firstTsn + this.size) >>> 0;
  }

  get first(): OutboundChunk | undefined {
    return this.#chunks.first;
  }

  add(chunk: OutboundChunk): void {
    this.#chunks.push(chunk);
  }

  /** @param index counted from the first outstanding one */
  at(index: number): OutboundChunk | undefined {
    return this.#chunks.at(index);
  }

  /** How far a TSN is from the first outstanding one. */
  indexOf(tsn: number): number {
    return tsnDistance(this.#firstTsn, tsn);
  }

  removeFirst(): OutboundChunk | undefined {
    const chunk = this.#chunks.shift();
    if (chunk !== undefined) this.#firstTsn = nextTsn(this.#firstTsn);
    return chunk;
  }

  [Symbol.iterator](): Generator<OutboundChunk> {
    return this.#chunks[Symbol.iterator]();
  }
}
