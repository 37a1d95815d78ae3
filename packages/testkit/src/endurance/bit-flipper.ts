import type { RandomStream } from '../world/random-stream.ts';

/** Flips single bits, at distances that are exponentially distributed. */
export class BitFlipper {
  readonly #random: RandomStream;
  #bytesToNext: number | undefined;
  /** So far. */
  flippedBits = 0;

  constructor(random: RandomStream) {
    this.#random = random;
  }

  /** @returns the bytes, or a copy with one bit wrong in about every `everyBytes` */
  corrupt(bytes: Uint8Array, everyBytes: number): Uint8Array {
    let position = this.#bytesToNext ?? this.#draw(everyBytes);
    if (position >= bytes.length) {
      this.#bytesToNext = position - bytes.length;
      return bytes;
    }
    const corrupted = Uint8Array.from(bytes);
    for (; position < bytes.length; position += 1 + this.#draw(everyBytes)) {
      corrupted[position] = (corrupted[position] ?? 0) ^ (1 << (this.#random.nextUint32() & 7));
      this.flippedBits++;
    }
    this.#bytesToNext = position - bytes.length;
    return corrupted;
  }

  #draw(everyBytes: number): number {
    return Math.floor(-Math.log(1 - this.#random.nextBetween(0, 1)) * everyBytes);
  }
}
