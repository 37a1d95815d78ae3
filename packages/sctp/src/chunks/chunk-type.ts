/** Chunk types: RFC 9260 section 3.2; AUTH RFC 4895, RE-CONFIG RFC 6525, PAD RFC 4820, FORWARD TSN RFC 3758, ASCONF RFC 5061. */
export const ChunkType = {
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
  ecne: 12,
  cwr: 13,
  shutdownComplete: 14,
  auth: 15,
  asconfAck: 0x80,
  reConfig: 130,
  pad: 0x84,
  forwardTsn: 192,
  asconf: 0xc1,
} as const;

/** What to do with a chunk of unknown type. */
export interface UnknownChunkAction {
  /** Discard the rest of the packet; else only this chunk. */
  readonly stop: boolean;
  /** Send an ERROR chunk with the cause `unrecognized-chunk-type`. */
  readonly report: boolean;
}

const skipBit = 0x80;
const reportBit = 0x40;
const stopAction: UnknownChunkAction = { stop: true, report: false };
const stopAndReportAction: UnknownChunkAction = { stop: true, report: true };
const skipAction: UnknownChunkAction = { stop: false, report: false };
const skipAndReportAction: UnknownChunkAction = { stop: false, report: true };

/** What the two highest bits of a type ask of who does not know it (RFC 9260 section 3.2). */
export function unknownChunkAction(type: number): UnknownChunkAction {
  const report = (type & reportBit) !== 0;
  if ((type & skipBit) === 0) return report ? stopAndReportAction : stopAction;
  return report ? skipAndReportAction : skipAction;
}

/** For messages: the RFCs' name, or the number. */
export function chunkName(type: number): string {
  const name = Object.entries(ChunkType).find(([, number]) => number === type)?.[0];
  return name === undefined ? `chunk ${type}` : name.replace(/[A-Z]/g, ' $&').toUpperCase();
}
