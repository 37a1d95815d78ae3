import type { Note } from './capture-note.ts';
import { dataView } from './data-view.ts';

export interface TcpSegment {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Of the first byte of data; a SYN takes one number before it. */
  readonly sequenceNumber: number;
  /** Opens a connection. */
  readonly synchronize: boolean;
  readonly data: Uint8Array;
}

const minHeaderBytes = 20;
const SYN = 2;

/** Reads a TCP segment (RFC 9293 section 3.1); undefined with a note where its header is cut. Checksums are not looked at. */
export function readTcp(payload: Uint8Array, note: Note): TcpSegment | undefined {
  const headerBytes = ((payload[12] ?? 0) >> 4) * 4;
  if (headerBytes < minHeaderBytes || payload.length < headerBytes) {
    note('TCP header truncated');
    return undefined;
  }
  const view = dataView(payload);
  const synchronize = (view.getUint8(13) & SYN) !== 0;
  return {
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    sequenceNumber: (view.getUint32(4) + (synchronize ? 1 : 0)) >>> 0,
    synchronize,
    data: payload.subarray(headerBytes),
  };
}
