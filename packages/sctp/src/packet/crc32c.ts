/** Castagnoli, reflected (RFC 9260 appendix A). */
const polynomial = 0x82f63b78;

// Slicing by 8: a table says what a byte does to the checksum so many bytes later.
const after0 = firstTable();
const after1 = nextTable(after0);
const after2 = nextTable(after1);
const after3 = nextTable(after2);
const after4 = nextTable(after3);
const after5 = nextTable(after4);
const after6 = nextTable(after5);
const after7 = nextTable(after6);

/** The CRC32c of the bytes from `start` (default 0) to before `end` (default the length): an unsigned 32-bit integer. */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  return ~extended(-1, bytes, start, end) >>> 0;
}

/** The checksum of a packet of at least 12 bytes, whose checksum field counts as zero (RFC 9260 section 6.8). */
export function packetChecksum(packet: Uint8Array, end: number = packet.length): number {
  let crc = extended(-1, packet, 0, 8);
  for (let zeros = 0; zeros < 4; zeros++) crc = (after0[crc & 0xff] ?? 0) ^ (crc >>> 8);
  return ~extended(crc, packet, 12, end) >>> 0;
}

function extended(start: number, bytes: Uint8Array, from: number, end: number): number {
  let crc = start;
  let at = from;
  for (const stop = end - 7; at < stop; at += 8) {
    crc =
      (after7[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^
      (after6[((crc >>> 8) ^ (bytes[at + 1] ?? 0)) & 0xff] ?? 0) ^
      (after5[((crc >>> 16) ^ (bytes[at + 2] ?? 0)) & 0xff] ?? 0) ^
      (after4[(crc >>> 24) ^ (bytes[at + 3] ?? 0)] ?? 0) ^
      (after3[bytes[at + 4] ?? 0] ?? 0) ^
      (after2[bytes[at + 5] ?? 0] ?? 0) ^
      (after1[bytes[at + 6] ?? 0] ?? 0) ^
      (after0[bytes[at + 7] ?? 0] ?? 0);
  }
  for (; at < end; at++) crc = (after0[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
  return crc;
}

function firstTable(): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? polynomial : 0);
    return crc;
  });
}

function nextTable(table: Int32Array): Int32Array {
  return table.map((crc) => (crc >>> 8) ^ (after0[crc & 0xff] ?? 0));
}
