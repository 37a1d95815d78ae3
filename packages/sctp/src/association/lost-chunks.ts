import type { OutboundChunk } from './outbound-chunk.ts';
import { isLaterTsn } from './serial-number.ts';

/** Chunks marked for retransmission, lowest TSN first. Those that were acknowledged meanwhile are passed over. */
export class LostChunks {
  #chunks: OutboundChunk[] = [];
  #first = 0;

  add(chunk: OutboundChunk): void {
    const last = this.#chunks.at(-1);
    this.#chunks.push(chunk);
    if (last !== undefined && isLaterTsn(last.tsn, chunk.tsn)) this.#sort();
  }

  get first(): OutboundChunk | undefined {
    for (; this.#first < this.#chunks.length; this.#first += 1) {
      const chunk = this.#chunks[this.#first];
      if (chunk?.state === 'lost') return chunk;
    }
    this.#chunks = [];
    this.#first = 0;
    return undefined;
  }

  /** The first one was sent. */
  removeFirst(): void {
    this.#first += 1;
  }

  clear(): void {
    this.#chunks = [];
    this.#first = 0;
  }

  /** A retransmission that is lost again has a lower TSN than what waits. */
  #sort(): void {
    this.#chunks = this.#chunks.slice(this.#first);
    this.#first = 0;
    this.#chunks.sort((one, other) => (one.tsn - other.tsn) | 0);
  }
}
