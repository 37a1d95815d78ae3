import fc from 'fast-check';
import { abortSizeBytes, decodeAbort, writeAbort } from '../../src/chunks/abort.ts';
import { asconfAckSizeBytes, decodeAsconfAck, writeAsconfAck } from '../../src/chunks/asconf-ack.ts';
import { asconfSizeBytes, decodeAsconf, writeAsconf } from '../../src/chunks/asconf.ts';
import { authSizeBytes, decodeAuth, writeAuth } from '../../src/chunks/auth.ts';
import { ChunkType } from '../../src/chunks/chunk-type.ts';
import { cookieAckSizeBytes, decodeCookieAck, writeCookieAck } from '../../src/chunks/cookie-ack.ts';
import { cookieEchoSizeBytes, decodeCookieEcho, writeCookieEcho } from '../../src/chunks/cookie-echo.ts';
import { dataSizeBytes, decodeData, writeData } from '../../src/chunks/data.ts';
import { decodeError, errorSizeBytes, writeError } from '../../src/chunks/error.ts';
import { decodeForwardTsn, forwardTsnSizeBytes, writeForwardTsn } from '../../src/chunks/forward-tsn.ts';
import { decodeHeartbeat, heartbeatSizeBytes, writeHeartbeat } from '../../src/chunks/heartbeat.ts';
import { decodeInit, initSizeBytes, writeInit } from '../../src/chunks/init.ts';
import { decodeReConfig, reConfigSizeBytes, writeReConfig } from '../../src/chunks/re-config.ts';
import { decodeSack, sackSizeBytes, writeSack } from '../../src/chunks/sack.ts';
import { decodeShutdownAck, shutdownAckSizeBytes, writeShutdownAck } from '../../src/chunks/shutdown-ack.ts';
import {
  decodeShutdownComplete,
  shutdownCompleteSizeBytes,
  writeShutdownComplete,
} from '../../src/chunks/shutdown-complete.ts';
import { decodeShutdown, shutdownSizeBytes, writeShutdown } from '../../src/chunks/shutdown.ts';
import type { PacketReader } from '../../src/packet/packet-reader.ts';
import type { PacketWriter } from '../../src/packet/packet-writer.ts';
import {
  asconf,
  asconfAck,
  byteString,
  data,
  errorCauses,
  forwardTsn,
  init,
  reConfig,
  sack,
  uint16,
  uint32,
} from './arbitraries.ts';

/** What can be done with a chunk of any type. */
export interface ChunkCodec {
  readonly type: number;
  /** Throws MalformedChunk. */
  readonly decode: (reader: PacketReader) => unknown;
  /** Decodes and writes again. */
  readonly copy: (reader: PacketReader, writer: PacketWriter) => void;
  readonly sizeBytes: (decoded: unknown) => number;
  readonly write: (writer: PacketWriter, decoded: unknown) => void;
  readonly arbitrary: fc.Arbitrary<unknown>;
}

function codec<C>(
  type: number,
  decode: (reader: PacketReader) => C,
  write: (writer: PacketWriter, chunk: C) => void,
  sizeBytes: (chunk: C) => number,
  arbitrary: fc.Arbitrary<C>,
): ChunkCodec {
  return {
    type,
    decode,
    copy: (reader, writer) => write(writer, decode(reader)),
    sizeBytes: (decoded) => sizeBytes(decoded as C),
    write: (writer, decoded) => write(writer, decoded as C),
    arbitrary,
  };
}

const tagIsReflected = fc.boolean();
const heartbeat = fc.record({ info: byteString() });

/** Every chunk that we know. */
export const chunkCodecs: readonly ChunkCodec[] = [
  codec(ChunkType.data, decodeData, writeData, ({ userData }) => dataSizeBytes(userData.length), data()),
  codec(
    ChunkType.init,
    decodeInit,
    (writer, chunk) => writeInit(writer, 'init', chunk),
    initSizeBytes,
    init(),
  ),
  codec(
    ChunkType.initAck,
    decodeInit,
    (writer, chunk) => writeInit(writer, 'init-ack', chunk),
    initSizeBytes,
    init(),
  ),
  codec(
    ChunkType.sack,
    decodeSack,
    writeSack,
    ({ gaps, duplicates }) => sackSizeBytes(gaps.length / 2, duplicates.length),
    sack(),
  ),
  codec(
    ChunkType.heartbeat,
    decodeHeartbeat,
    (writer, { info }) => writeHeartbeat(writer, 'heartbeat', info),
    ({ info }) => heartbeatSizeBytes(info.length),
    heartbeat,
  ),
  codec(
    ChunkType.heartbeatAck,
    decodeHeartbeat,
    (writer, { info }) => writeHeartbeat(writer, 'heartbeat-ack', info),
    ({ info }) => heartbeatSizeBytes(info.length),
    heartbeat,
  ),
  codec(
    ChunkType.abort,
    decodeAbort,
    writeAbort,
    abortSizeBytes,
    fc.record({ tagIsReflected, causes: errorCauses() }),
  ),
  codec(
    ChunkType.shutdown,
    decodeShutdown,
    writeShutdown,
    () => shutdownSizeBytes,
    fc.record({ cumulativeTsn: uint32() }),
  ),
  codec(
    ChunkType.shutdownAck,
    decodeShutdownAck,
    writeShutdownAck,
    () => shutdownAckSizeBytes,
    fc.constant(undefined),
  ),
  codec(ChunkType.error, decodeError, writeError, errorSizeBytes, fc.record({ causes: errorCauses() })),
  codec(
    ChunkType.cookieEcho,
    decodeCookieEcho,
    writeCookieEcho,
    ({ cookie }) => cookieEchoSizeBytes(cookie.length),
    fc.record({ cookie: byteString() }),
  ),
  codec(
    ChunkType.cookieAck,
    decodeCookieAck,
    writeCookieAck,
    () => cookieAckSizeBytes,
    fc.constant(undefined),
  ),
  codec(
    ChunkType.shutdownComplete,
    decodeShutdownComplete,
    writeShutdownComplete,
    () => shutdownCompleteSizeBytes,
    fc.record({ tagIsReflected }),
  ),
  codec(
    ChunkType.auth,
    decodeAuth,
    writeAuth,
    ({ hmac }) => authSizeBytes(hmac.length),
    fc.record({ sharedKeyId: uint16(), hmacId: uint16(), hmac: byteString() }),
  ),
  codec(ChunkType.asconfAck, decodeAsconfAck, writeAsconfAck, asconfAckSizeBytes, asconfAck()),
  codec(ChunkType.reConfig, decodeReConfig, writeReConfig, reConfigSizeBytes, reConfig()),
  codec(
    ChunkType.forwardTsn,
    decodeForwardTsn,
    writeForwardTsn,
    ({ streams }) => forwardTsnSizeBytes(streams.length),
    forwardTsn(),
  ),
  codec(ChunkType.asconf, decodeAsconf, writeAsconf, asconfSizeBytes, asconf()),
];

const codecs = new Map(chunkCodecs.map((codec) => [codec.type, codec]));

export function codecOf(type: number): ChunkCodec | undefined {
  return codecs.get(type);
}
