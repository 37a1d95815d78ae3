import type { Note } from './capture-note.ts';
import type { CapturedPacket } from './captured-packet.ts';
import { dataView } from './data-view.ts';

const fileHeaderBytes = 24;
const packetHeaderBytes = 16;
/** First word of a file, in the order of the machine that wrote it, and the unit of its time stamps' second word. */
const tickLengths = new Map([
  [0xa1b2c3d4, 1000n],
  [0xa1b23c4d, 1n],
]);

/** Whether these bytes are a classic pcap file, of microseconds or nanoseconds, of either byte order. */
export function isPcap(file: Uint8Array): boolean {
  return byteOrder(file) !== undefined;
}

/** Reads a classic pcap file (draft-ietf-opsawg-pcap). */
export function* readPcap(file: Uint8Array, note: Note): Generator<CapturedPacket, void> {
  const order = byteOrder(file);
  if (order === undefined || file.length < fileHeaderBytes) {
    note('pcap file header truncated');
    return;
  }
  const { littleEndian, nanosecondsPerTick } = order;
  const view = dataView(file);
  const linkType = view.getUint32(20, littleEndian) & 0xffff;
  let frame = 0;
  let offset = fileHeaderBytes;
  while (offset < file.length) {
    if (offset + packetHeaderBytes > file.length) {
      note(`packet header at byte ${offset} truncated`);
      return;
    }
    frame++;
    const seconds = BigInt(view.getUint32(offset, littleEndian));
    const ticks = BigInt(view.getUint32(offset + 4, littleEndian));
    const start = offset + packetHeaderBytes;
    const end = start + view.getUint32(offset + 8, littleEndian);
    const timeNs = seconds * 1_000_000_000n + ticks * nanosecondsPerTick;
    yield { frame, timeNs, linkType, data: file.subarray(start, end) };
    if (end > file.length) {
      note(`packet at byte ${offset} truncated: ${end - start} bytes announced, ${file.length - start} left`);
      return;
    }
    offset = end;
  }
}

function byteOrder(file: Uint8Array): { littleEndian: boolean; nanosecondsPerTick: bigint } | undefined {
  if (file.length < 4) return undefined;
  for (const littleEndian of [true, false]) {
    const nanosecondsPerTick = tickLengths.get(dataView(file).getUint32(0, littleEndian));
    if (nanosecondsPerTick !== undefined) return { littleEndian, nanosecondsPerTick };
  }
  return undefined;
}
