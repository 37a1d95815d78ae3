import { type ErrorCause, errorCauseParameters, readErrorCauses } from '../causes/error-cause.ts';
import { maxAsconfParameters } from '../limits.ts';
import { paddedBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { ParameterReader } from '../parameters/parameter-reader.ts';
import { ParameterType, stopsChunk } from '../parameters/parameter-type.ts';
import {
  type Parameter,
  encodeParameters,
  encodeUint32,
  encodeValue,
  parametersLengthBytes,
  writeParameters,
} from '../parameters/parameter.ts';
import { ChunkType } from './chunk-type.ts';
import { expectAtLeast } from './malformed.ts';

/** Address Configuration Acknowledgment (RFC 5061 section 4.1.2): a header, the Sequence Number and responses. */
export interface AsconfAckChunk {
  /** Of the ASCONF chunk. */
  readonly sequence: number;
  /** A request without one has succeeded. */
  readonly responses: readonly AsconfResponse[];
}

/** RFC 5061 sections 4.2.3 and 4.2.5; the correlation identifier is the request's. */
export type AsconfResponse =
  | { readonly kind: 'success'; readonly correlationId: number }
  | { readonly kind: 'error'; readonly correlationId: number; readonly causes: readonly ErrorCause[] };

const headerBytes = 8;

/** Throws MalformedChunk. Responses above the limit of their number are left out. */
export function decodeAsconfAck(reader: PacketReader): AsconfAckChunk {
  expectAtLeast(reader, headerBytes);
  const responses: AsconfResponse[] = [];
  const parameters = new ParameterReader(reader, reader.start + headerBytes);
  while (responses.length < maxAsconfParameters && parameters.next()) {
    if (parameters.type === ParameterType.successIndication) {
      responses.push({ kind: 'success', correlationId: parameters.uint32() });
    } else if (parameters.type === ParameterType.errorCauseIndication) {
      parameters.expectValueAtLeast(4);
      const correlationId = reader.view.getUint32(parameters.value);
      const causes = readErrorCauses(reader, parameters.value + 4, parameters.end);
      responses.push({ kind: 'error', correlationId, causes });
    } else if (stopsChunk(parameters.type)) break;
  }
  return { sequence: reader.view.getUint32(reader.start + 4), responses };
}

export function asconfAckSizeBytes(chunk: AsconfAckChunk): number {
  return headerBytes + paddedBytes(parametersLengthBytes(chunk.responses.map(responseParameter)));
}

/** Throws RangeError where there is no room. */
export function writeAsconfAck(writer: PacketWriter, chunk: AsconfAckChunk): void {
  const parameters = chunk.responses.map(responseParameter);
  const at = writer.startChunk(ChunkType.asconfAck, 0, headerBytes + parametersLengthBytes(parameters));
  writer.view.setUint32(at, chunk.sequence);
  writeParameters(writer, at + 4, parameters);
}

function responseParameter(response: AsconfResponse): Parameter {
  if (response.kind === 'success')
    return { type: ParameterType.successIndication, value: encodeUint32(response.correlationId) };
  const causes = encodeParameters(errorCauseParameters(response.causes));
  const value = encodeValue(4 + causes.length, (view, bytes) => {
    view.setUint32(0, response.correlationId);
    bytes.set(causes, 4);
  });
  return { type: ParameterType.errorCauseIndication, value };
}
