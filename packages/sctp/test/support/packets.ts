import { packetChecksum } from '../../src/packet/crc32c.ts';
import { type PacketHeader, PacketReader } from '../../src/packet/packet-reader.ts';
import { PacketWriter } from '../../src/packet/packet-writer.ts';
import { hex } from './hex.ts';

export const header: PacketHeader = { sourcePort: 3863, destinationPort: 9901, verificationTag: 0x01020304 };

/** A packet of these bytes after the common header, whatever they are, with its checksum. */
export function packetOf(content: Uint8Array): Uint8Array {
  const packet = new Uint8Array(12 + content.length);
  packet.set(hex('0f17 26ad 01020304 00000000'));
  packet.set(content, 12);
  return withChecksum(packet);
}

/** Sets the checksum. */
export function withChecksum(packet: Uint8Array): Uint8Array {
  new DataView(packet.buffer, packet.byteOffset).setUint32(8, packetChecksum(packet), true);
  return packet;
}

/** Before the first chunk of a packet that must be one. */
export function opened(packet: Uint8Array): PacketReader {
  const reader = PacketReader.open(packet);
  if (typeof reader === 'string') throw new Error(`expected a packet, got one that is ${reader}`);
  return reader;
}

/** On the first chunk of a packet with this content. */
export function onChunk(content: Uint8Array): PacketReader {
  const reader = opened(packetOf(content));
  if (!reader.next()) throw new Error('expected a chunk, got none');
  return reader;
}

/** What is written into a packet after its common header. */
export function written(write: (writer: PacketWriter) => void, maxBytes = 70_000): Uint8Array {
  const writer = new PacketWriter(header, maxBytes);
  write(writer);
  return writer.finish().slice(12);
}
