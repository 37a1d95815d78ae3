import { type ErrorCause, errorCauseParameters, readErrorCauses } from '../causes/error-cause.ts';
import { chunkHeaderBytes, paddedBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { parametersLengthBytes, writeParameters } from '../parameters/parameter.ts';
import { ChunkType } from './chunk-type.ts';

/** Abort Association (RFC 9260 section 3.3.7): a header with the T bit, the lowest of the flags, and error causes. */
export interface AbortChunk {
  /** The T bit: the packet's verification tag is the receiver's own, sent back by one who does not know the right one. */
  readonly tagIsReflected: boolean;
  readonly causes: readonly ErrorCause[];
}

const reflectedBit = 1;

/** Throws MalformedChunk; such an ABORT is to be ignored. */
export function decodeAbort(reader: PacketReader): AbortChunk {
  return {
    tagIsReflected: (reader.flags & reflectedBit) !== 0,
    causes: readErrorCauses(reader, reader.start + chunkHeaderBytes),
  };
}

export function abortSizeBytes(chunk: AbortChunk): number {
  return chunkHeaderBytes + paddedBytes(parametersLengthBytes(errorCauseParameters(chunk.causes)));
}

/** Throws RangeError where there is no room. */
export function writeAbort(writer: PacketWriter, chunk: AbortChunk): void {
  const causes = errorCauseParameters(chunk.causes);
  const flags = chunk.tagIsReflected ? reflectedBit : 0;
  const at = writer.startChunk(ChunkType.abort, flags, chunkHeaderBytes + parametersLengthBytes(causes));
  writeParameters(writer, at, causes);
}
