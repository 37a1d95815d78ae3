import type { Note } from './capture-note.ts';
import { dataView } from './data-view.ts';

export const BlockType = {
  section: 0x0a0d0d0a, // reads the same in both byte orders
  interface: 1,
  obsoletePacket: 2,
  simplePacket: 3,
  enhancedPacket: 6,
} as const;

const byteOrderMagic = 0x1a2b3c4d;
/** Type and length in front, length again behind. */
const blockOverheadBytes = 12;

/** One block of a pcapng file. */
export interface Block {
  readonly type: number;
  /** Position in the file. */
  readonly offset: number;
  /** What is between the two lengths. */
  readonly body: DataView;
  /** The byte order of the block's section. */
  readonly littleEndian: boolean;
  /** A view of bytes of the body. */
  bytes(start: number, lengthBytes: number): Uint8Array;
}

/** Whether these bytes begin as a pcapng file. */
export function isPcapng(file: Uint8Array): boolean {
  return file.length >= 4 && dataView(file).getUint32(0) === BlockType.section;
}

/** The blocks of a pcapng file (draft-ietf-opsawg-pcapng section 3.1), up to the first that cannot be read. */
export function* readBlocks(file: Uint8Array, note: Note): Generator<Block, void> {
  const view = dataView(file);
  let littleEndian = true;
  let offset = 0;
  while (offset < file.length) {
    if (offset + blockOverheadBytes > file.length) {
      note(`block at byte ${offset} truncated`);
      return;
    }
    const type = view.getUint32(offset, littleEndian);
    if (type === BlockType.section) {
      const order = sectionByteOrder(view, offset);
      if (order === undefined) {
        note(`section at byte ${offset} of unknown byte order`);
        return;
      }
      littleEndian = order;
    }
    const length = view.getUint32(offset + 4, littleEndian);
    if (length < blockOverheadBytes || length % 4 !== 0 || offset + length > file.length) {
      note(`block at byte ${offset}: length ${length} is wrong or beyond the end of the file`);
      return;
    }
    yield block(file, { type, offset, length, littleEndian });
    offset += length;
  }
}

function block(
  file: Uint8Array,
  {
    type,
    offset,
    length,
    littleEndian,
  }: { type: number; offset: number; length: number; littleEndian: boolean },
): Block {
  const start = offset + 8;
  const body = new DataView(file.buffer, file.byteOffset + start, length - blockOverheadBytes);
  const bytes = (from: number, lengthBytes: number): Uint8Array =>
    file.subarray(start + from, start + from + lengthBytes);
  return { type, offset, body, littleEndian, bytes };
}

function sectionByteOrder(view: DataView, offset: number): boolean | undefined {
  if (view.getUint32(offset + 8, true) === byteOrderMagic) return true;
  if (view.getUint32(offset + 8, false) === byteOrderMagic) return false;
  return undefined;
}
