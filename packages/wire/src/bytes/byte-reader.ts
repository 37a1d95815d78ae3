const scratch = new DataView(new ArrayBuffer(8));
const noBytes = new Uint8Array(0);

/**
 * Reads numbers in network byte order, and bytes, from front to back. It never reads past its end and never throws: where
 * the bytes run out, a read returns 0 (or no bytes), `short` becomes true and stays so. A decoder reads all fields of a
 * structure and then looks at `short` once.
 */
export class ByteReader {
  /** The bytes that are read; positions count from its first byte. */
  readonly data: Uint8Array;
  /** Position of the next read. */
  offset: number;
  /** Position behind the last byte that may be read. */
  end: number;
  /** True once a read wanted more bytes than there were. */
  short = false;

  constructor(data: Uint8Array, offset = 0, end = data.length) {
    this.data = data;
    this.end = Math.min(end, data.length);
    this.offset = offset;
  }

  /** How many bytes are left. */
  get remaining(): number {
    return this.end - this.offset;
  }

  u8(): number {
    const at = this.#take(1);
    return at < 0 ? 0 : this.#byte(at);
  }

  u16(): number {
    const at = this.#take(2);
    return at < 0 ? 0 : (this.#byte(at) << 8) | this.#byte(at + 1);
  }

  u32(): number {
    const at = this.#take(4);
    return at < 0 ? 0 : this.#word(at);
  }

  u64(): bigint {
    const at = this.#take(8);
    return at < 0 ? 0n : (BigInt(this.#word(at)) << 32n) | BigInt(this.#word(at + 4));
  }

  /** An IEEE 754 double. */
  f64(): number {
    const at = this.#take(8);
    if (at < 0) return 0;
    scratch.setUint32(0, this.#word(at));
    scratch.setUint32(4, this.#word(at + 4));
    return scratch.getFloat64(0);
  }

  /** A copy of the next bytes, so that a decoded message keeps no receive buffer alive. */
  bytes(lengthBytes: number): Uint8Array {
    const at = this.#take(lengthBytes);
    return at < 0 || lengthBytes === 0 ? noBytes : new Uint8Array(this.data.subarray(at, at + lengthBytes));
  }

  /** The next bytes as a string with one character (U+0000 to U+00FF) for each byte. */
  characters(lengthBytes: number): string {
    let at = this.#take(lengthBytes);
    if (at < 0) return '';
    let characters = '';
    const { data, offset } = this;
    for (; at + 4 <= offset; at += 4) {
      characters += String.fromCharCode(
        this.#byte(at),
        this.#byte(at + 1),
        this.#byte(at + 2),
        this.#byte(at + 3),
      );
    }
    for (; at < offset; at++) characters += String.fromCharCode(data[at] ?? 0);
    return characters;
  }

  skip(lengthBytes: number): void {
    this.#take(lengthBytes);
  }

  /** Position of the next bytes, which are now behind the reader; -1 where they are not there. */
  #take(lengthBytes: number): number {
    const at = this.offset;
    if (lengthBytes < 0 || at + lengthBytes > this.end) {
      this.short = true;
      this.offset = this.end;
      return -1;
    }
    this.offset = at + lengthBytes;
    return at;
  }

  #word(at: number): number {
    return (
      ((this.#byte(at) << 24) |
        (this.#byte(at + 1) << 16) |
        (this.#byte(at + 2) << 8) |
        this.#byte(at + 3)) >>>
      0
    );
  }

  #byte(at: number): number {
    return this.data[at] ?? 0;
  }
}
