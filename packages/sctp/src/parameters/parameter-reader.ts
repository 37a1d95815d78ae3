import { MalformedChunk, type MalformedChunkCode } from '../chunks/malformed.ts';
import { paddedBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import { parameterHeaderBytes } from './parameter.ts';

/**
 * Reads parameters (RFC 9260 section 3.2.1), or error causes, which look the same, in place. Never beyond `limit`, which is the end
 * of what they are in.
 */
export class ParameterReader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Of the current parameter, as are the following. */
  type = 0;
  /** Where its header starts. */
  start = 0;
  /** Where its value starts. */
  value = 0;
  /** Where it ends, before its padding. */
  end = 0;
  readonly #chunkType: number;
  readonly #limit: number;
  #next: number;

  /**
   * @param packet on the chunk that they are in
   * @param start where the first is in the packet
   * @param limit where the last ends, with its padding or without
   */
  constructor(packet: PacketReader, start: number, limit: number = packet.end) {
    this.bytes = packet.bytes;
    this.view = packet.view;
    this.#chunkType = packet.type;
    this.#limit = limit;
    this.#next = start;
  }

  /** Steps to the next parameter; false at the end. Throws MalformedChunk where what comes is none. */
  next(): boolean {
    const start = this.#next;
    const roomBytes = this.#limit - start;
    if (roomBytes <= 0) return false;
    this.start = start;
    if (roomBytes < parameterHeaderBytes) {
      const problem = `expected a parameter at byte ${start}, got ${roomBytes} stray bytes`;
      throw new MalformedChunk('parameter-length', this.#chunkType, problem);
    }
    this.type = this.view.getUint16(start);
    const lengthBytes = this.view.getUint16(start + 2);
    if (lengthBytes < parameterHeaderBytes || lengthBytes > roomBytes)
      this.fail('parameter-length', `expected a length of 4 to ${roomBytes}, got ${lengthBytes}`);
    this.value = start + parameterHeaderBytes;
    this.end = start + lengthBytes;
    // An outer length need not cover the last padding.
    this.#next = start + paddedBytes(lengthBytes);
    return true;
  }

  /** Throws MalformedChunk unless the value of the current parameter has that length. */
  expectValue(lengthBytes: number): void {
    const got = this.end - this.value;
    if (got !== lengthBytes)
      this.fail('parameter-length', `expected ${lengthBytes} bytes of value, got ${got}`);
  }

  /** Throws MalformedChunk unless the value of the current parameter has at least that length. */
  expectValueAtLeast(lengthBytes: number): void {
    const got = this.end - this.value;
    if (got < lengthBytes)
      this.fail('parameter-length', `expected at least ${lengthBytes} bytes of value, got ${got}`);
  }

  /** Throws MalformedChunk if the value of the current parameter is longer. */
  expectValueAtMost(lengthBytes: number): void {
    const got = this.end - this.value;
    if (got > lengthBytes)
      this.fail('parameter-length', `expected at most ${lengthBytes} bytes of value, got ${got}`);
  }

  /** The value of the current parameter, which must be one unsigned 32-bit integer. */
  uint32(): number {
    this.expectValue(4);
    return this.view.getUint32(this.value);
  }

  /** The value of the current parameter from an offset on; a view into the packet. */
  valueBytes(offset = 0): Uint8Array {
    return this.bytes.subarray(this.value + offset, this.end);
  }

  /** A copy of the current parameter without padding, from its header (default) or from `start` on: it outlives the packet. */
  copy(start: number = this.start): Uint8Array {
    return new Uint8Array(this.bytes.subarray(start, this.end)); // `slice` of a Buffer is no copy
  }

  /** The value of the current parameter from an offset on, as unsigned 16-bit integers; at most `maxCount` (default: all) of them. */
  uint16List(offset: number, maxCount = Infinity): number[] {
    const lengthBytes = this.end - this.value - offset;
    if (lengthBytes % 2 !== 0)
      this.fail('parameter-length', `expected a list of 2 bytes each, got ${lengthBytes}`);
    const count = Math.min(lengthBytes / 2, maxCount);
    return Array.from({ length: count }, (_, index) => this.view.getUint16(this.value + offset + 2 * index));
  }

  /** Throws MalformedChunk about the current parameter. */
  fail(code: MalformedChunkCode, problem: string): never {
    const parameter = `parameter 0x${this.type.toString(16)} at byte ${this.start}`;
    throw new MalformedChunk(code, this.#chunkType, `${parameter}: ${problem}`);
  }
}
