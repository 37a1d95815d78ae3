import { WireEncodeError } from '../encode-error.ts';
import { transientCopy } from './transient-copy.ts';

const scratch = new DataView(new ArrayBuffer(8));

/**
 * Writes numbers in network byte order (RFC 5352 section 2, RFC 5353 section 2), and bytes, into one buffer that grows.
 * Lengths that are known only later are written as 0 and set with {@link ByteWriter.patchU16}. A number that does not fit its
 * field is a mistake of the caller: WireEncodeError 'bad-number'.
 */
export class ByteWriter {
  #buffer: Uint8Array;
  #position = 0;

  constructor(initialSizeBytes = 256) {
    this.#buffer = new Uint8Array(initialSizeBytes);
  }

  /** How many bytes have been written: the position of the next one. */
  get length(): number {
    return this.#position;
  }

  /** Forgets what was written and keeps the buffer. */
  clear(): void {
    this.#position = 0;
  }

  u8(value: number): void {
    if ((value & 0xff) !== value) throw badNumber(value, 8);
    const at = this.#grow(1);
    this.#buffer[at] = value;
  }

  u16(value: number): void {
    if ((value & 0xffff) !== value) throw badNumber(value, 16);
    const at = this.#grow(2);
    this.patchU16(at, value);
  }

  u32(value: number): void {
    if (value >>> 0 !== value) throw badNumber(value, 32);
    const at = this.#grow(4);
    const buffer = this.#buffer;
    buffer[at] = value >>> 24;
    buffer[at + 1] = value >>> 16;
    buffer[at + 2] = value >>> 8;
    buffer[at + 3] = value;
  }

  u64(value: bigint): void {
    if (BigInt.asUintN(64, value) !== value) throw badNumber(value, 64);
    this.u32(Number((value >> 32n) & 0xffff_ffffn));
    this.u32(Number(value & 0xffff_ffffn));
  }

  /** An IEEE 754 double. */
  f64(value: number): void {
    scratch.setFloat64(0, value);
    this.u32(scratch.getUint32(0));
    this.u32(scratch.getUint32(4));
  }

  bytes(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#buffer.set(bytes, at);
  }

  /** Characters U+0000 to U+00FF, one byte each. */
  characters(characters: string): void {
    const at = this.#grow(characters.length);
    const buffer = this.#buffer;
    for (let index = 0; index < characters.length; index++) buffer[at + index] = characters.charCodeAt(index);
  }

  zeros(lengthBytes: number): void {
    const at = this.#grow(lengthBytes);
    this.#buffer.fill(0, at, at + lengthBytes);
  }

  /** Sets two bytes that were written before. */
  patchU16(at: number, value: number): void {
    this.#buffer[at] = value >>> 8;
    this.#buffer[at + 1] = value;
  }

  /** A copy of what was written. */
  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#position);
  }

  /** A copy of what was written from a position on. */
  copyFrom(start: number): Uint8Array {
    return this.#buffer.slice(start, this.#position);
  }

  /** A copy of what was written that will not be kept for long: a message on its way to a socket. */
  finishTransient(): Uint8Array {
    return transientCopy(this.#buffer, 0, this.#position);
  }

  /** Makes room for more bytes; returns the position of the first of them. */
  #grow(lengthBytes: number): number {
    const at = this.#position;
    this.#position = at + lengthBytes;
    if (this.#position > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(2 * this.#buffer.length, this.#position));
      larger.set(this.#buffer.subarray(0, at));
      this.#buffer = larger;
    }
    return at;
  }
}

function badNumber(value: number | bigint, bits: number): WireEncodeError {
  return new WireEncodeError('bad-number', `expected an unsigned integer of ${bits} bits, got ${value}`);
}
