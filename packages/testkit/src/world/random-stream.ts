/**
 * A seeded stream of pseudo-random numbers: sfc32 ("small fast counting", Chris Doty-Humphrey, PractRand). The same seed and
 * name give the same numbers on every machine; other names give independent streams.
 */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, name = '') {
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 0x1_0000_0000) | 0;
    this.#c = hashText(name);
    for (let round = 0; round < 15; round++) this.nextUint32(); // so that similar seeds give unlike streams
  }

  /** Uniformly distributed unsigned 32-bit integer. */
  nextUint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return sum >>> 0;
  }

  /** Uniformly distributed from `min` up to, not including, `max`; `min` where both are equal. */
  nextBetween(min: number, max: number): number {
    return min === max ? min : min + (max - min) * (this.nextUint32() / 0x1_0000_0000);
  }
}

/** FNV-1a over the UTF-16 code units. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}
