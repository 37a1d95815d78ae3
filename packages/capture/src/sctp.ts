import type { Note } from './capture-note.ts';
import { dataView } from './data-view.ts';

/** A DATA chunk (RFC 9260 section 3.3.1). */
export interface DataChunk {
  readonly sequenceNumber: number;
  readonly streamId: number;
  readonly unordered: boolean;
  /** First fragment of a message (B bit). */
  readonly beginning: boolean;
  /** Last fragment of a message (E bit). */
  readonly ending: boolean;
  readonly payloadProtocolId: number;
  readonly data: Uint8Array;
}

export interface SctpPacket {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Chosen by the receiver: with the ports it tells one direction of one association, over all its addresses. */
  readonly verificationTag: number;
  readonly dataChunks: readonly DataChunk[];
}

const commonHeaderBytes = 12;
const chunkHeaderBytes = 4;
const dataHeaderBytes = 16;
const ChunkType = { data: 0, iData: 64 } as const;

/** Reads an SCTP packet; undefined with a note where its header is cut. Checksums are not looked at: hosts often leave them to the network card. */
export function readSctp(packet: Uint8Array, note: Note): SctpPacket | undefined {
  if (packet.length < commonHeaderBytes) {
    note('SCTP header truncated');
    return undefined;
  }
  const view = dataView(packet);
  const dataChunks: DataChunk[] = [];
  let offset = commonHeaderBytes;
  while (offset + chunkHeaderBytes <= packet.length) {
    const type = view.getUint8(offset);
    const length = view.getUint16(offset + 2);
    if (length < chunkHeaderBytes || offset + length > packet.length) {
      note(`SCTP chunk truncated: ${length} bytes announced, ${packet.length - offset} left`);
      break;
    }
    if (type === ChunkType.data && length > dataHeaderBytes)
      dataChunks.push(readDataChunk(packet, offset, length));
    else if (type === ChunkType.data) note('SCTP DATA chunk without data');
    else if (type === ChunkType.iData) note('SCTP I-DATA chunk (RFC 8260) left out');
    offset += length + (-length & 3);
  }
  return {
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    verificationTag: view.getUint32(4),
    dataChunks,
  };
}

function readDataChunk(packet: Uint8Array, offset: number, length: number): DataChunk {
  const view = dataView(packet);
  const flags = view.getUint8(offset + 1);
  return {
    sequenceNumber: view.getUint32(offset + 4),
    streamId: view.getUint16(offset + 8),
    unordered: (flags & 4) !== 0,
    beginning: (flags & 2) !== 0,
    ending: (flags & 1) !== 0,
    payloadProtocolId: view.getUint32(offset + 12),
    data: packet.subarray(offset + dataHeaderBytes, offset + length),
  };
}
