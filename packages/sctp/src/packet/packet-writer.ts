import { packetChecksum } from './crc32c.ts';
import { chunkHeaderBytes, commonHeaderBytes, paddedBytes } from './packet-layout.ts';
import type { PacketHeader } from './packet-reader.ts';

// Packets are cut from one buffer after the other: a buffer for each costs more than all that is written into it.
const bufferBytes = 262_144;
let buffer = new ArrayBuffer(bufferBytes);
/** Where what no packet has begins. */
let freeStart = 0;

/** Writes a packet chunk by chunk. */
export class PacketWriter {
  /** Zero where nothing was written, so padding needs no writing. */
  readonly bytes: Uint8Array;
  /** Over `bytes`. */
  readonly view: DataView;
  #end = commonHeaderBytes;
  #limit: number;

  /** @param maxBytes of the whole packet, common header included; at least 12 */
  constructor(header: PacketHeader, maxBytes: number) {
    if (maxBytes > buffer.byteLength - freeStart) {
      buffer = new ArrayBuffer(Math.max(bufferBytes, maxBytes));
      freeStart = 0;
    }
    this.bytes = new Uint8Array(buffer, freeStart, maxBytes);
    this.view = new DataView(buffer, freeStart, maxBytes);
    this.#limit = maxBytes;
    freeStart += maxBytes;
    this.view.setUint16(0, header.sourcePort);
    this.view.setUint16(2, header.destinationPort);
    this.view.setUint32(4, header.verificationTag);
  }

  /** What a further chunk may take, header and padding included. */
  get roomBytes(): number {
    return this.#limit - this.#end;
  }

  /** Whether there is no chunk yet. */
  get isEmpty(): boolean {
    return this.#end === commonHeaderBytes;
  }

  /**
   * Starts a chunk; its value is the caller's to write, its padding is zero.
   * @param lengthBytes with the header, without padding
   * @returns where the value starts in `bytes`
   * @throws RangeError where there is no room for it, or its length does not fit 16 bits
   */
  startChunk(type: number, flags: number, lengthBytes: number): number {
    const sizeBytes = paddedBytes(lengthBytes);
    if (sizeBytes > this.roomBytes || lengthBytes > 0xffff)
      throw new RangeError(`chunk ${type}: expected at most ${this.roomBytes} bytes, got ${lengthBytes}`);
    const start = this.#end;
    this.view.setUint8(start, type);
    this.view.setUint8(start + 1, flags);
    this.view.setUint16(start + 2, lengthBytes);
    this.#end = start + sizeBytes;
    return start + chunkHeaderBytes;
  }

  /** Takes whole chunks with their padding, as they stand in another packet. Throws RangeError where there is no room for them. */
  copyChunks(chunks: Uint8Array): void {
    this.bytes.set(chunks, this.#end);
    this.#end += chunks.length;
  }

  /** The packet with its checksum; not a copy. Nothing can be added any more. */
  finish(): Uint8Array {
    const { buffer: own, byteOffset } = this.bytes;
    // What it did not need is free again, unless another packet was begun meanwhile.
    if (own === buffer && freeStart === byteOffset + this.#limit) freeStart = byteOffset + this.#end;
    this.#limit = this.#end;
    this.view.setUint32(8, packetChecksum(this.bytes, this.#end, this.view), true);
    return this.bytes.subarray(0, this.#end);
  }
}
