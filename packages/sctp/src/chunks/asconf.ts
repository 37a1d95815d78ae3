import { maxAsconfParameters, maxReportedParameters } from '../limits.ts';
import { paddedBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { addressParameter, readAddress } from '../parameters/addresses.ts';
import { ParameterReader } from '../parameters/parameter-reader.ts';
import { ParameterType, isReported, stopsChunk } from '../parameters/parameter-type.ts';
import {
  type Parameter,
  encodeParameters,
  encodeValue,
  parametersLengthBytes,
  writeParameters,
} from '../parameters/parameter.ts';
import { ChunkType } from './chunk-type.ts';
import { MalformedChunk, expectAtLeast } from './malformed.ts';

/*
 * Address Configuration Change (RFC 5061 section 4.1.1):
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +---------------+---------------+-------------------------------+
 *   | Type = 0xC1   |  Chunk Flags  |      Chunk Length             |
 *   +---------------+---------------+-------------------------------+
 *   |                       Sequence Number                         |
 *   +---------------------------------------------------------------+
 *   /                    Address Parameter                          /
 *   +---------------------------------------------------------------+
 *   /                     ASCONF Parameters                         /
 *   +---------------------------------------------------------------+
 */
export interface AsconfChunk {
  readonly sequence: number;
  /** One that the sender has had in the association. */
  readonly address: string;
  readonly requests: readonly AsconfRequest[];
  /** Decoded: whole parameters of unknown type that ask for a report, copies. Never written. */
  readonly unrecognized?: readonly Uint8Array[];
}

/** RFC 5061 sections 4.2.1, 4.2.2 and 4.2.4. The address 0.0.0.0 or :: stands for the packet's source. */
export interface AsconfRequest {
  readonly kind: 'add-address' | 'delete-address' | 'set-primary-address';
  readonly correlationId: number;
  readonly address: string;
}

const headerBytes = 8;
const requestTypes = {
  'add-address': ParameterType.addAddress,
  'delete-address': ParameterType.deleteAddress,
  'set-primary-address': ParameterType.setPrimaryAddress,
} as const;

/** Throws MalformedChunk. Requests above the limit of their number are left out. */
export function decodeAsconf(reader: PacketReader): AsconfChunk {
  expectAtLeast(reader, headerBytes);
  const parameters = new ParameterReader(reader, reader.start + headerBytes);
  if (!parameters.next()) {
    const problem = `expected an address at byte ${reader.start + headerBytes}, got none`;
    throw new MalformedChunk('parameter-missing', reader.type, problem);
  }
  const address = readAddress(parameters);
  const requests: AsconfRequest[] = [];
  const unrecognized: Uint8Array[] = [];
  while (requests.length < maxAsconfParameters && parameters.next()) {
    const { type } = parameters;
    const kind = requestKind(type);
    if (kind !== undefined) {
      requests.push(readRequest(kind, parameters, reader));
    } else {
      if (isReported(type) && unrecognized.length < maxReportedParameters)
        unrecognized.push(parameters.copy());
      if (stopsChunk(type)) break;
    }
  }
  return {
    sequence: reader.view.getUint32(reader.start + 4),
    address,
    requests,
    ...(unrecognized.length > 0 && { unrecognized }),
  };
}

export function asconfSizeBytes(chunk: AsconfChunk): number {
  return headerBytes + paddedBytes(parametersLengthBytes(asconfParameters(chunk)));
}

/** Throws RangeError where there is no room, or an address is none. */
export function writeAsconf(writer: PacketWriter, chunk: AsconfChunk): void {
  const parameters = asconfParameters(chunk);
  const at = writer.startChunk(ChunkType.asconf, 0, headerBytes + parametersLengthBytes(parameters));
  writer.view.setUint32(at, chunk.sequence);
  writeParameters(writer, at + 4, parameters);
}

/** A request as it stands in a chunk: what refuses it has a copy. */
export function encodeAsconfRequest(request: AsconfRequest): Uint8Array {
  return encodeParameters([requestParameter(request)]);
}

function requestKind(type: number): AsconfRequest['kind'] | undefined {
  switch (type) {
    case ParameterType.addAddress:
      return 'add-address';
    case ParameterType.deleteAddress:
      return 'delete-address';
    case ParameterType.setPrimaryAddress:
      return 'set-primary-address';
    default:
      return undefined;
  }
}

/** A correlation identifier and an address parameter. */
function readRequest(
  kind: AsconfRequest['kind'],
  parameter: ParameterReader,
  packet: PacketReader,
): AsconfRequest {
  parameter.expectValueAtLeast(8);
  const inner = new ParameterReader(packet, parameter.value + 4, parameter.end);
  inner.next();
  const address = readAddress(inner);
  if (inner.next()) inner.fail('parameter-repeated', 'expected one address, got more');
  return { kind, correlationId: parameter.view.getUint32(parameter.value), address };
}

function asconfParameters(chunk: AsconfChunk): Parameter[] {
  return [addressParameter(chunk.address), ...chunk.requests.map(requestParameter)];
}

function requestParameter({ kind, correlationId, address }: AsconfRequest): Parameter {
  const inner = encodeParameters([addressParameter(address)]);
  const value = encodeValue(4 + inner.length, (view, bytes) => {
    view.setUint32(0, correlationId);
    bytes.set(inner, 4);
  });
  return { type: requestTypes[kind], value };
}
