/** A uniformly distributed unsigned 32-bit integer. */
export type Random = () => number;

const edges16 = [0, 1, 2, 3, 4, 5, 8, 0x7fff, 0x8000, 0xfffe, 0xffff];
const edges32 = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];
const wrongLengths = [0, 1, 2, 3, 4, 5, 7, 8, 12, 16, 20, 0x7fff, 0xfffc, 0xffff];

/** Writes what is nearly right: fields, and things with a length field that is wrong now and then. All chance comes from `random`. */
export class HostileScribe {
  readonly bytes = new Uint8Array(16_384);
  readonly view = new DataView(this.bytes.buffer);
  at = 0;
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** From 0 to below `limit`. */
  below(limit: number): number {
    return this.#random() % limit;
  }

  /** True once in so many times. */
  oneIn(times: number): boolean {
    return this.#random() % times === 0;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.#random() % choices.length] ?? choices[0];
  }

  u8(value: number): void {
    this.bytes[this.at++] = value;
  }

  u16(value: number): void {
    this.view.setUint16(this.at, value);
    this.at += 2;
  }

  u32(value: number): void {
    this.view.setUint32(this.at, value);
    this.at += 4;
  }

  raw(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Any number of 16 bits, often at the ends of their range or small. */
  any16(): number {
    const value = this.#random();
    if ((value & 3) === 0) return edges16[(value >>> 8) % edges16.length] ?? 0;
    return (value & 3) === 1 ? (value >>> 8) & 15 : value >>> 16;
  }

  /** Any number of 32 bits, often at the ends of their range. */
  any32(): number {
    const value = this.#random();
    return (value & 3) === 0 ? (edges32[(value >>> 8) % edges32.length] ?? 0) : this.#random();
  }

  /** Random bytes. */
  noise(count: number): void {
    for (let left = count; left > 0; left--) this.bytes[this.at++] = this.#random();
  }

  /** Flags: mostly these. */
  flags(usual: number): number {
    return this.oneIn(8) ? this.#random() & 0xff : usual;
  }

  /** Writes a chunk, parameter or cause around what `value` writes, which may be cut or longer than it should be. */
  enclosed(head: number, damageOneIn: number, value: () => void): void {
    const start = this.at;
    this.u16(head);
    this.u16(0);
    value();
    if (this.oneIn(damageOneIn)) this.#resize(start + 4);
    let lengthBytes = this.at - start;
    if (this.oneIn(damageOneIn)) lengthBytes = this.#wrongLength(lengthBytes);
    this.view.setUint16(start + 2, lengthBytes);
    this.#pad();
  }

  /** Writes again what was written since `start`. */
  repeat(start: number): void {
    const sizeBytes = this.at - start;
    this.bytes.copyWithin(this.at, start, this.at);
    this.at += sizeBytes;
  }

  /** Whether there is room for another chunk or parameter of usual size. */
  get hasRoom(): boolean {
    return this.at < 1_200;
  }

  #resize(valueStart: number): void {
    if (this.oneIn(2)) this.at = valueStart + this.below(this.at - valueStart + 1);
    else this.noise(1 + this.below(8));
  }

  #wrongLength(lengthBytes: number): number {
    if (this.oneIn(2)) return wrongLengths[this.below(wrongLengths.length)] ?? 0;
    return (lengthBytes + this.below(17) - 8) & 0xffff;
  }

  /** To the next multiple of 4: zeros, sometimes not. */
  #pad(): void {
    const filler = this.oneIn(32) ? 0xa5 : 0;
    while ((this.at & 3) !== 0) this.u8(filler);
  }
}
