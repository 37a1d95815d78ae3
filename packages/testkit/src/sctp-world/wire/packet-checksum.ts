/*
 * CRC32c, written down from RFC 9260 appendix A a second time: what an engine sends is checked with another table than its own.
 */
const polynomial = 0x82f63b78; // Castagnoli, reflected
const checksumStart = 8;
const checksumEnd = 12;

const table = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? polynomial : 0);
  return value;
});

/** The checksum that a packet should have (RFC 9260 section 6.8): its own field counts as zero. */
export function packetChecksum(packet: Uint8Array): number {
  let crc = -1;
  for (let at = 0; at < packet.length; at += 1) {
    const byte = at >= checksumStart && at < checksumEnd ? 0 : (packet[at] ?? 0);
    crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  return ~crc >>> 0;
}

/** The checksum that a packet has. */
export function statedChecksum(packet: Uint8Array): number {
  return new DataView(packet.buffer, packet.byteOffset, packet.byteLength).getUint32(checksumStart, true);
}
