import { paddedBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { type InitParameters, initParameters, readInitParameters } from '../parameters/init-parameters.ts';
import { parametersLengthBytes, writeParameters } from '../parameters/parameter.ts';
import { ChunkType } from './chunk-type.ts';
import { expectAtLeast } from './malformed.ts';

export type { InitParameters } from '../parameters/init-parameters.ts';

/*
 * Initiation and Initiation Acknowledgement (RFC 9260 sections 3.3.2 and 3.3.3):
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   | Type = 1 or 2 |  Chunk Flags  |      Chunk Length             |
 *   +---------------+---------------+-------------------------------+
 *   |                         Initiate Tag                          |
 *   +---------------------------------------------------------------+
 *   |           Advertised Receiver Window Credit (a_rwnd)          |
 *   +-------------------------------+-------------------------------+
 *   |  Number of Outbound Streams   |   Number of Inbound Streams   |
 *   +-------------------------------+-------------------------------+
 *   |                          Initial TSN                          |
 *   +---------------------------------------------------------------+
 *   /              Optional/Variable-Length Parameters              /
 *   +---------------------------------------------------------------+
 */
export interface InitChunk {
  /** What comes is not judged here: 0 is as good as any. */
  readonly initiateTag: number;
  readonly advertisedWindowBytes: number;
  readonly outboundStreams: number;
  readonly inboundStreams: number;
  readonly initialTsn: number;
  readonly parameters: InitParameters;
}

const headerBytes = 20;

/** INIT and INIT ACK. Throws MalformedChunk. */
export function decodeInit(reader: PacketReader): InitChunk {
  expectAtLeast(reader, headerBytes);
  const { view, start } = reader;
  return {
    initiateTag: view.getUint32(start + 4),
    advertisedWindowBytes: view.getUint32(start + 8),
    outboundStreams: view.getUint16(start + 12),
    inboundStreams: view.getUint16(start + 14),
    initialTsn: view.getUint32(start + 16),
    parameters: readInitParameters(reader, start + headerBytes),
  };
}

export function initSizeBytes(chunk: InitChunk): number {
  return headerBytes + paddedBytes(parametersLengthBytes(initParameters(chunk.parameters)));
}

/** Throws RangeError where there is no room, or an address is none. */
export function writeInit(writer: PacketWriter, type: 'init' | 'init-ack', chunk: InitChunk): void {
  const chunkType = type === 'init' ? ChunkType.init : ChunkType.initAck;
  const parameters = initParameters(chunk.parameters);
  const at = writer.startChunk(chunkType, 0, headerBytes + parametersLengthBytes(parameters));
  const { view } = writer;
  view.setUint32(at, chunk.initiateTag);
  view.setUint32(at + 4, chunk.advertisedWindowBytes);
  view.setUint16(at + 8, chunk.outboundStreams);
  view.setUint16(at + 10, chunk.inboundStreams);
  view.setUint32(at + 12, chunk.initialTsn);
  writeParameters(writer, at + 16, parameters);
}
