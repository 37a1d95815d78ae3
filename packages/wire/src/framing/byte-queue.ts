const nothing = new Uint8Array(0);
/** A gathering buffer above this size is not kept for later, so that idle connections stay small. */
const keptBufferBytes = 64 * 1024;

/**
 * Bytes that come in arbitrary chunks and are looked at in pieces. A piece that lies within one chunk is not copied; one that
 * spans chunks is gathered in a buffer which doubles, so that even chunks of one byte cost linear time and at most twice their
 * size in memory.
 */
export class ByteQueue {
  /** The readable region is `bytes` from `start` to `end`: a chunk, or the gathering buffer. */
  bytes: Uint8Array = nothing;
  start = 0;
  #end = 0;
  #gathering = nothing;
  /** Chunks behind the region, oldest first from `nextChunk` on. */
  #chunks: Uint8Array[] = [];
  #nextChunk = 0;
  #waitingBytes = 0;

  /** How many bytes are held. */
  get length(): number {
    return this.#end - this.start + this.#waitingBytes;
  }

  /** Adds bytes at the end. They are not copied: the caller gives the chunk away. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#chunks.push(chunk);
    this.#waitingBytes += chunk.length;
  }

  /** Makes the first bytes readable in one piece at `bytes[start]`; false when there are fewer. */
  ensure(sizeBytes: number): boolean {
    if (this.#end === this.start) this.#openNextChunk();
    while (this.#end - this.start < sizeBytes) {
      if (this.#waitingBytes === 0) return false;
      this.#gather(sizeBytes);
    }
    return true;
  }

  /** Removes bytes of the readable region. */
  skip(sizeBytes: number): void {
    this.start += sizeBytes;
    if (this.start < this.#end) return;
    this.bytes = nothing; // lets a chunk that has been read go
    this.start = this.#end = 0;
    if (this.#gathering.length > keptBufferBytes) this.#gathering = nothing;
  }

  #openNextChunk(): void {
    const chunk = this.#chunks[this.#nextChunk] ?? nothing;
    this.bytes = chunk;
    this.start = 0;
    this.#end = chunk.length;
    this.#waitingBytes -= chunk.length;
    this.#dropChunk();
  }

  /** Moves bytes of the next chunk behind the region, at most so many that the region has `sizeBytes`. */
  #gather(sizeBytes: number): void {
    const chunk = this.#chunks[this.#nextChunk] ?? nothing;
    const held = this.#end - this.start;
    const taken = Math.min(chunk.length, sizeBytes - held);
    this.#makeRoom(held + taken, sizeBytes);
    this.bytes.set(chunk.subarray(0, taken), this.#end);
    this.#end += taken;
    this.#waitingBytes -= taken;
    if (taken === chunk.length) this.#dropChunk();
    else this.#chunks[this.#nextChunk] = chunk.subarray(taken);
  }

  #dropChunk(): void {
    this.#chunks[this.#nextChunk] = nothing;
    this.#nextChunk += 1;
    // Shortened only when half of it is empty: linear over all.
    if (2 * this.#nextChunk < this.#chunks.length) return;
    this.#chunks = this.#chunks.slice(this.#nextChunk);
    this.#nextChunk = 0;
  }

  /** Makes the gathering buffer the region, with room for `neededBytes`; it will not grow beyond `finalBytes`. */
  #makeRoom(neededBytes: number, finalBytes: number): void {
    const held = this.bytes.subarray(this.start, this.#end);
    if (this.#gathering.length < neededBytes) {
      const doubled = Math.max(64, 2 * this.#gathering.length);
      this.#gathering = new Uint8Array(Math.max(neededBytes, Math.min(doubled, finalBytes)));
    } else if (this.bytes === this.#gathering && this.start === 0) {
      return;
    }
    this.#gathering.set(held); // may overlap: set() allows that
    this.bytes = this.#gathering;
    this.start = 0;
    this.#end = held.length;
  }
}
