import { ChunkType } from '../../src/chunks/chunk-type.ts';
import {
  asconfAckParameters,
  asconfParameters,
  errorCauses,
  heartbeatParameters,
  initParameters,
  reConfigParameters,
} from './hostile-parameters.ts';
import type { HostileScribe } from './hostile-scribe.ts';

/** What somebody who can read the traffic knows of an association; it may change from packet to packet. */
export interface HostileKnowledge {
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** What the target takes, and what it sends in its packets (which it takes only with the T bit). */
  readonly verificationTag: number;
  readonly reflectedTag: number;
  /** The next TSN that the target expects. */
  readonly nextTsn: number;
  /** The last TSN that the target has sent. */
  readonly sentTsn: number;
  /** Streams that the target takes. */
  readonly streams: number;
  /** One that the target has made. */
  readonly cookie: Uint8Array;
}

const chunkTypes = Object.values(ChunkType);
const unknownTypes = [0x10, 0x3e, 0x40, 0x7e, 0x81, 0xbe, 0xc2, 0xfe] as const;
const damageOneIn = 24;

/** Any chunk: of every type that has a name, and of others. */
export function hostileChunk(scribe: HostileScribe, knowledge: HostileKnowledge): void {
  const choice = scribe.below(24);
  let type: number = chunkTypes[scribe.below(chunkTypes.length)] ?? 0;
  if (choice === 0) type = scribe.pick(unknownTypes);
  else if (choice === 1) type = scribe.below(256);
  else if (choice < 8) type = scribe.oneIn(2) ? ChunkType.data : ChunkType.sack;
  const isSealed = type === ChunkType.asconf || type === ChunkType.asconfAck || scribe.oneIn(24);
  if (isSealed && !scribe.oneIn(4)) chunkOf(scribe, ChunkType.auth, knowledge);
  chunkOf(scribe, type, knowledge);
}

export function chunkOf(scribe: HostileScribe, type: number, knowledge: HostileKnowledge): void {
  scribe.enclosed((type << 8) | scribe.flags(usualFlags(scribe, type)), damageOneIn, () =>
    chunkValue(scribe, type, knowledge),
  );
}

function usualFlags(scribe: HostileScribe, type: number): number {
  if (type === ChunkType.data) return scribe.oneIn(2) ? 3 : scribe.below(16);
  const hasReflectedBit = type === ChunkType.abort || type === ChunkType.shutdownComplete;
  return hasReflectedBit ? scribe.below(2) : 0;
}

function chunkValue(scribe: HostileScribe, type: number, knowledge: HostileKnowledge): void {
  switch (type) {
    case ChunkType.data:
      return data(scribe, knowledge);
    case ChunkType.init:
      init(scribe, knowledge);
      return initParameters(scribe, undefined);
    case ChunkType.initAck:
      init(scribe, knowledge);
      return initParameters(scribe, scribe.oneIn(8) ? undefined : knowledge.cookie);
    case ChunkType.sack:
      return sack(scribe, knowledge);
    case ChunkType.heartbeat:
    case ChunkType.heartbeatAck:
      return heartbeatParameters(scribe);
    case ChunkType.abort:
    case ChunkType.error:
      return errorCauses(scribe);
    case ChunkType.shutdown:
      return scribe.u32(near(scribe, knowledge.sentTsn));
    case ChunkType.cookieEcho:
      return cookieEcho(scribe, knowledge);
    case ChunkType.forwardTsn:
      return forwardTsn(scribe, knowledge);
    case ChunkType.reConfig:
      return reConfigParameters(scribe);
    case ChunkType.auth:
      return auth(scribe);
    case ChunkType.asconf:
      scribe.u32(scribe.oneIn(2) ? near(scribe, knowledge.nextTsn) : scribe.any32());
      return asconfParameters(scribe);
    case ChunkType.asconfAck:
      scribe.u32(scribe.oneIn(2) ? near(scribe, knowledge.sentTsn) : scribe.any32());
      return asconfAckParameters(scribe);
    case ChunkType.shutdownAck:
    case ChunkType.cookieAck:
    case ChunkType.shutdownComplete:
      return;
    default:
      return scribe.noise(scribe.below(32));
  }
}

/** Mostly right where every byte of an HMAC is zero. */
function auth(scribe: HostileScribe): void {
  const hmacId = scribe.oneIn(2) ? 1 : 3;
  scribe.u16(scribe.oneIn(16) ? scribe.any16() : 0);
  scribe.u16(scribe.oneIn(16) ? scribe.any16() : hmacId);
  if (scribe.oneIn(16)) scribe.noise(scribe.below(40));
  else scribe.raw(new Uint8Array(hmacId === 1 ? 20 : 32));
}

/** Around a TSN, mostly close to it. */
function near(scribe: HostileScribe, tsn: number): number {
  const choice = scribe.below(16);
  if (choice === 0) return scribe.any32();
  if (choice === 1) return (tsn + 0x8000_0000 + scribe.below(3) - 1) >>> 0;
  return (tsn + (choice < 8 ? 0 : scribe.below(24) - 8)) >>> 0;
}

function data(scribe: HostileScribe, knowledge: HostileKnowledge): void {
  scribe.u32(near(scribe, knowledge.nextTsn));
  scribe.u16(scribe.oneIn(8) ? scribe.any16() : scribe.below(knowledge.streams));
  scribe.u16(scribe.oneIn(4) ? scribe.any16() : scribe.below(4));
  scribe.u32(scribe.any32());
  if (scribe.oneIn(24)) return; // no user data
  scribe.noise(scribe.oneIn(32) ? 600 : 1 + scribe.below(32));
}

function init(scribe: HostileScribe, knowledge: HostileKnowledge): void {
  scribe.u32(
    scribe.oneIn(4) ? scribe.pick([0, 1, knowledge.verificationTag, knowledge.reflectedTag]) : scribe.any32(),
  );
  scribe.u32(scribe.oneIn(4) ? scribe.pick([0, 1_499, 1_500, 0xffff_ffff]) : 65_536);
  scribe.u16(scribe.oneIn(4) ? scribe.any16() : 1 + scribe.below(16));
  scribe.u16(scribe.oneIn(4) ? scribe.any16() : 1 + scribe.below(16));
  scribe.u32(near(scribe, knowledge.nextTsn));
}

function sack(scribe: HostileScribe, knowledge: HostileKnowledge): void {
  const gapBlocks = scribe.oneIn(48) ? 200 : scribe.below(5);
  const duplicates = scribe.oneIn(48) ? 50 : scribe.below(4);
  scribe.u32(near(scribe, knowledge.sentTsn));
  scribe.u32(scribe.oneIn(2) ? scribe.any32() : 65_536);
  scribe.u16(scribe.oneIn(32) ? scribe.any16() : gapBlocks);
  scribe.u16(scribe.oneIn(32) ? scribe.any16() : duplicates);
  let offset = 1;
  for (let left = gapBlocks; left > 0; left--) {
    const start = scribe.oneIn(16) ? scribe.any16() : offset + scribe.below(4);
    offset = start + scribe.below(4);
    scribe.u16(start);
    scribe.u16(scribe.oneIn(16) ? scribe.any16() : offset);
    offset++;
  }
  for (let left = duplicates; left > 0; left--) scribe.u32(near(scribe, knowledge.nextTsn));
}

/** The cookie as it was, damaged, or something else. */
function cookieEcho(scribe: HostileScribe, { cookie }: HostileKnowledge): void {
  if (scribe.oneIn(4)) return scribe.noise(scribe.below(120));
  const start = scribe.at;
  scribe.raw(cookie);
  if (!scribe.oneIn(3) || cookie.length === 0) return;
  const damaged = start + scribe.below(cookie.length);
  scribe.bytes[damaged] = (scribe.bytes[damaged] ?? 0) ^ (1 << scribe.below(8));
}

function forwardTsn(scribe: HostileScribe, knowledge: HostileKnowledge): void {
  scribe.u32(near(scribe, knowledge.nextTsn));
  for (let left = scribe.below(5); left > 0; left--) {
    scribe.u16(scribe.oneIn(4) ? scribe.any16() : scribe.below(knowledge.streams));
    scribe.u16(scribe.any16());
  }
}
