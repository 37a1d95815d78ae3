import { chunkHeaderBytes, paddedBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { ParameterReader } from '../parameters/parameter-reader.ts';
import { stopsChunk } from '../parameters/parameter-type.ts';
import { parametersLengthBytes, writeParameters } from '../parameters/parameter.ts';
import {
  type ReConfigParameter,
  readReConfigParameter,
  reConfigParameter,
} from '../parameters/re-config-parameters.ts';
import { ChunkType } from './chunk-type.ts';
import { MalformedChunk } from './malformed.ts';

/** Re-configuration (RFC 6525 section 3.1): a header and one or two parameters. */
export interface ReConfigChunk {
  /** Which of them go together is not judged here. */
  readonly parameters: readonly ReConfigParameter[];
}

const maxParameters = 2;

/** Throws MalformedChunk. Parameters of unknown type are passed over, or end the chunk, as their type says. */
export function decodeReConfig(reader: PacketReader): ReConfigChunk {
  const parameters: ReConfigParameter[] = [];
  const parameterReader = new ParameterReader(reader, reader.start + chunkHeaderBytes);
  while (parameterReader.next()) {
    const parameter = readReConfigParameter(parameterReader);
    if (parameter === undefined) {
      if (stopsChunk(parameterReader.type)) break;
    } else if (parameters.push(parameter) > maxParameters) {
      parameterReader.fail('parameter-repeated', `expected at most ${maxParameters} parameters, got more`);
    }
  }
  if (parameters.length === 0) {
    const problem = `expected a parameter at byte ${reader.start + chunkHeaderBytes}, got none`;
    throw new MalformedChunk('parameter-missing', reader.type, problem);
  }
  return { parameters };
}

export function reConfigSizeBytes(chunk: ReConfigChunk): number {
  return chunkHeaderBytes + paddedBytes(parametersLengthBytes(chunk.parameters.map(reConfigParameter)));
}

/** Throws RangeError where there is no room. */
export function writeReConfig(writer: PacketWriter, chunk: ReConfigChunk): void {
  const parameters = chunk.parameters.map(reConfigParameter);
  const lengthBytes = chunkHeaderBytes + parametersLengthBytes(parameters);
  writeParameters(writer, writer.startChunk(ChunkType.reConfig, 0, lengthBytes), parameters);
}
