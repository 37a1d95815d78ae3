/** Chunk types by number (RFC 9260 section 3.2), as the checkers and traces name them. */
export const chunkNames: ReadonlyMap<number, string> = new Map([
  [0, 'DATA'],
  [1, 'INIT'],
  [2, 'INIT-ACK'],
  [3, 'SACK'],
  [4, 'HEARTBEAT'],
  [5, 'HEARTBEAT-ACK'],
  [6, 'ABORT'],
  [7, 'SHUTDOWN'],
  [8, 'SHUTDOWN-ACK'],
  [9, 'ERROR'],
  [10, 'COOKIE-ECHO'],
  [11, 'COOKIE-ACK'],
  [14, 'SHUTDOWN-COMPLETE'],
]);

export const chunkTypes = {
  data: 0,
  init: 1,
  initAck: 2,
  sack: 3,
  heartbeat: 4,
  heartbeatAck: 5,
  abort: 6,
  shutdown: 7,
  shutdownAck: 8,
  error: 9,
  cookieEcho: 10,
  cookieAck: 11,
  shutdownComplete: 14,
} as const;

/** Any chunk. */
export interface SeenChunk {
  readonly type: number;
  readonly flags: number;
  /** Where its header starts in the packet. */
  readonly start: number;
  /** With its header, without padding. */
  readonly lengthBytes: number;
}

export interface SeenData {
  readonly tsn: number;
  readonly streamId: number;
  readonly streamSequence: number;
  readonly payloadProtocolId: number;
  readonly userBytes: number;
  /** Of the chunk, with header and padding. */
  readonly sizeBytes: number;
  readonly flags: number;
}

export interface SeenSack {
  readonly cumulativeTsn: number;
  readonly windowBytes: number;
  /** First and last offset of each block. */
  readonly gaps: readonly (readonly [number, number])[];
  readonly duplicates: readonly number[];
}

export interface SeenInit {
  readonly initiateTag: number;
  readonly windowBytes: number;
  readonly outboundStreams: number;
  readonly inboundStreams: number;
  readonly initialTsn: number;
}

const headerBytes = 12;
const chunkHeaderBytes = 4;

/**
 * A packet as somebody sees it who listens on the wire: read by a reader of the checkers' own, which shares nothing with the engine's codec.
 * For packets that an engine or the attacker made; what is malformed is left out.
 */
export class SeenPacket {
  readonly bytes: Uint8Array;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly verificationTag: number;
  readonly chunks: readonly SeenChunk[];
  readonly data: readonly SeenData[];
  readonly sack: SeenSack | undefined;
  /** Of INIT or INIT ACK. */
  readonly init: SeenInit | undefined;
  /** What a SHUTDOWN chunk acknowledges. */
  readonly shutdownTsn: number | undefined;

  constructor(bytes: Uint8Array) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.bytes = bytes;
    this.sourcePort = view.getUint16(0);
    this.destinationPort = view.getUint16(2);
    this.verificationTag = view.getUint32(4);
    const chunks = readChunks(view);
    const ofType = (type: number): SeenChunk | undefined => chunks.find((chunk) => chunk.type === type);
    const sack = ofType(chunkTypes.sack);
    const init = ofType(chunkTypes.init) ?? ofType(chunkTypes.initAck);
    const shutdown = ofType(chunkTypes.shutdown);
    this.chunks = chunks;
    this.data = chunks
      .filter(({ type, lengthBytes }) => type === 0 && lengthBytes > 16)
      .map((chunk) => readData(view, chunk));
    this.sack = sack === undefined || sack.lengthBytes < 16 ? undefined : readSack(view, sack);
    this.init = init === undefined || init.lengthBytes < 20 ? undefined : readInit(view, init);
    this.shutdownTsn =
      shutdown === undefined || shutdown.lengthBytes < 8 ? undefined : view.getUint32(shutdown.start + 4);
  }

  has(type: number): boolean {
    return this.chunks.some((chunk) => chunk.type === type);
  }
}

function readChunks(view: DataView): SeenChunk[] {
  const chunks: SeenChunk[] = [];
  for (let start = headerBytes; start + chunkHeaderBytes <= view.byteLength;) {
    const lengthBytes = view.getUint16(start + 2);
    if (lengthBytes < chunkHeaderBytes || start + lengthBytes > view.byteLength) break;
    chunks.push({ type: view.getUint8(start), flags: view.getUint8(start + 1), start, lengthBytes });
    start += (lengthBytes + 3) & ~3;
  }
  return chunks;
}

function readData(view: DataView, { start, lengthBytes, flags }: SeenChunk): SeenData {
  return {
    tsn: view.getUint32(start + 4),
    streamId: view.getUint16(start + 8),
    streamSequence: view.getUint16(start + 10),
    payloadProtocolId: view.getUint32(start + 12),
    userBytes: lengthBytes - 16,
    sizeBytes: (lengthBytes + 3) & ~3,
    flags,
  };
}

function readSack(view: DataView, { start, lengthBytes }: SeenChunk): SeenSack {
  const gaps: [number, number][] = [];
  const duplicates: number[] = [];
  const gapCount = view.getUint16(start + 12);
  for (let at = start + 16; at + 4 <= start + lengthBytes; at += 4) {
    if (gaps.length < gapCount) gaps.push([view.getUint16(at), view.getUint16(at + 2)]);
    else duplicates.push(view.getUint32(at));
  }
  return {
    cumulativeTsn: view.getUint32(start + 4),
    windowBytes: view.getUint32(start + 8),
    gaps,
    duplicates,
  };
}

function readInit(view: DataView, { start }: SeenChunk): SeenInit {
  return {
    initiateTag: view.getUint32(start + 4),
    windowBytes: view.getUint32(start + 8),
    outboundStreams: view.getUint16(start + 12),
    inboundStreams: view.getUint16(start + 14),
    initialTsn: view.getUint32(start + 16),
  };
}
