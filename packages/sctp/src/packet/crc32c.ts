/** Castagnoli, reflected (RFC 9260 appendix A). */
const polynomial = 0x82f63b78;

// Slicing by 16: a table says what a byte does to the checksum so many bytes later. Words are read through a view, since a load of
// four bytes costs as much as one of one (0.45 us for 1,036 bytes; 0.78 us by 8, byte by byte).
const after0 = firstTable();
const after1 = nextTable(after0);
const after2 = nextTable(after1);
const after3 = nextTable(after2);
const after4 = nextTable(after3);
const after5 = nextTable(after4);
const after6 = nextTable(after5);
const after7 = nextTable(after6);
const after8 = nextTable(after7);
const after9 = nextTable(after8);
const after10 = nextTable(after9);
const after11 = nextTable(after10);
const after12 = nextTable(after11);
const after13 = nextTable(after12);
const after14 = nextTable(after13);
const after15 = nextTable(after14);

/** The CRC32c of the bytes from `start` (default 0) to before `end` (default the length): an unsigned 32-bit integer. */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  return ~extended(-1, viewOf(bytes), start, end) >>> 0;
}

/**
 * The checksum of a packet of at least 12 bytes, whose checksum field counts as zero (RFC 9260 section 6.8).
 * @param view over the same bytes, where there is one
 */
export function packetChecksum(
  packet: Uint8Array,
  end: number = packet.length,
  view = viewOf(packet),
): number {
  let crc = extended(-1, view, 0, 8);
  for (let zeros = 0; zeros < 4; zeros++) crc = (after0[crc & 0xff] ?? 0) ^ (crc >>> 8);
  return ~extended(crc, view, 12, end) >>> 0;
}

function extended(start: number, view: DataView, from: number, end: number): number {
  let crc = start;
  let at = from;
  for (const stop = end - 15; at < stop; at += 16) {
    const a = crc ^ view.getInt32(at, true);
    const b = view.getInt32(at + 4, true);
    const c = view.getInt32(at + 8, true);
    const d = view.getInt32(at + 12, true);
    crc =
      (after15[a & 0xff] ?? 0) ^
      (after14[(a >>> 8) & 0xff] ?? 0) ^
      (after13[(a >>> 16) & 0xff] ?? 0) ^
      (after12[a >>> 24] ?? 0) ^
      (after11[b & 0xff] ?? 0) ^
      (after10[(b >>> 8) & 0xff] ?? 0) ^
      (after9[(b >>> 16) & 0xff] ?? 0) ^
      (after8[b >>> 24] ?? 0) ^
      (after7[c & 0xff] ?? 0) ^
      (after6[(c >>> 8) & 0xff] ?? 0) ^
      (after5[(c >>> 16) & 0xff] ?? 0) ^
      (after4[c >>> 24] ?? 0) ^
      (after3[d & 0xff] ?? 0) ^
      (after2[(d >>> 8) & 0xff] ?? 0) ^
      (after1[(d >>> 16) & 0xff] ?? 0) ^
      (after0[d >>> 24] ?? 0);
  }
  for (; at < end; at++) crc = (after0[(crc ^ view.getUint8(at)) & 0xff] ?? 0) ^ (crc >>> 8);
  return crc;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
