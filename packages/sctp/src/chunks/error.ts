import { type ErrorCause, errorCauseParameters, readErrorCauses } from '../causes/error-cause.ts';
import { chunkHeaderBytes, paddedBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { parametersLengthBytes, writeParameters } from '../parameters/parameter.ts';
import { ChunkType } from './chunk-type.ts';

/** Operation Error (RFC 9260 section 3.3.10): a header and error causes. */
export interface ErrorChunk {
  /** At least one when sent; none does no harm. */
  readonly causes: readonly ErrorCause[];
}

/** Throws MalformedChunk. */
export function decodeError(reader: PacketReader): ErrorChunk {
  return { causes: readErrorCauses(reader, reader.start + chunkHeaderBytes) };
}

export function errorSizeBytes(chunk: ErrorChunk): number {
  return chunkHeaderBytes + paddedBytes(parametersLengthBytes(errorCauseParameters(chunk.causes)));
}

/** Throws RangeError where there is no room. */
export function writeError(writer: PacketWriter, chunk: ErrorChunk): void {
  const causes = errorCauseParameters(chunk.causes);
  const at = writer.startChunk(ChunkType.error, 0, chunkHeaderBytes + parametersLengthBytes(causes));
  writeParameters(writer, at, causes);
}
