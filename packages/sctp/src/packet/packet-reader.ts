import { packetChecksum } from './crc32c.ts';
import { chunkHeaderBytes, commonHeaderBytes, paddedBytes } from './packet-layout.ts';

/** The common header (RFC 9260 section 3.1), without its checksum. */
export interface PacketHeader {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly verificationTag: number;
}

/** Why bytes are no packet; such are dropped in silence. */
export type PacketFault =
  /** No room for the common header and a chunk header. */
  | 'too-short'
  /** RFC 9260 section 6.8. */
  | 'checksum'
  /** RFC 9260 section 3.1 forbids port 0. */
  | 'port-zero';

/**
 * Reads a packet chunk by chunk, in place:
 *
 *     while (reader.next()) if (reader.type === ChunkType.data) receive(decodeData(reader));
 */
export class PacketReader implements PacketHeader {
  readonly bytes: Uint8Array;
  /** Over `bytes`. */
  readonly view: DataView;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly verificationTag: number;
  /** What comes next is no chunk: its length is below 4 or beyond the packet. */
  truncated = false;
  /** Of the current chunk, as are the following. */
  type = 0;
  flags = 0;
  /** Where its header starts. */
  start = 0;
  /** Where it ends, before its padding. */
  end = 0;
  #next = commonHeaderBytes;

  private constructor(bytes: Uint8Array, view: DataView) {
    this.bytes = bytes;
    this.view = view;
    this.sourcePort = view.getUint16(0);
    this.destinationPort = view.getUint16(2);
    this.verificationTag = view.getUint32(4);
  }

  /** Before the first chunk of a packet. The bytes are not copied. */
  static open(bytes: Uint8Array): PacketReader | PacketFault {
    if (bytes.length < commonHeaderBytes + chunkHeaderBytes) return 'too-short';
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    // A CRC is sent with its lowest byte first (RFC 9260 appendix A), unlike everything else.
    if (view.getUint32(8, true) !== packetChecksum(bytes, bytes.length, view)) return 'checksum';
    const reader = new PacketReader(bytes, view);
    return reader.sourcePort === 0 || reader.destinationPort === 0 ? 'port-zero' : reader;
  }

  /** Steps to the next chunk. False at the end, and where what comes is no chunk: `truncated` tells them apart. */
  next(): boolean {
    const start = this.#next;
    const roomBytes = this.bytes.length - start;
    if (roomBytes <= 0) return false;
    const lengthBytes = roomBytes < chunkHeaderBytes ? 0 : this.view.getUint16(start + 2);
    if (lengthBytes < chunkHeaderBytes || lengthBytes > roomBytes) {
      this.truncated = true;
      return false;
    }
    this.type = this.view.getUint8(start);
    this.flags = this.view.getUint8(start + 1);
    this.start = start;
    this.end = start + lengthBytes;
    this.#next = start + paddedBytes(lengthBytes);
    return true;
  }

  /** Steps to the end: what follows is not read. */
  skipRest(): void {
    this.#next = this.bytes.length;
  }

  /** Steps back before the first chunk. */
  rewind(): void {
    this.#next = commonHeaderBytes;
    this.truncated = false;
  }
}
