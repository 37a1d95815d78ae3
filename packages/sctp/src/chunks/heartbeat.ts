import { chunkHeaderBytes, paddedBytes } from '../packet/packet-layout.ts';
import type { PacketReader } from '../packet/packet-reader.ts';
import type { PacketWriter } from '../packet/packet-writer.ts';
import { ParameterReader } from '../parameters/parameter-reader.ts';
import { ParameterType } from '../parameters/parameter-type.ts';
import { parameterHeaderBytes, writeParameters } from '../parameters/parameter.ts';
import { ChunkType } from './chunk-type.ts';
import { MalformedChunk } from './malformed.ts';

/** Heartbeat Request and Acknowledgement (RFC 9260 sections 3.3.5 and 3.3.6): a header and one Heartbeat Info parameter. */
export interface HeartbeatChunk {
  /** Means something only to who sent the HEARTBEAT. When decoded, a view into the packet. */
  readonly info: Uint8Array;
}

/** HEARTBEAT and HEARTBEAT ACK. Throws MalformedChunk unless a Heartbeat Info comes first; what follows it is passed over. */
export function decodeHeartbeat(reader: PacketReader): HeartbeatChunk {
  const at = reader.start + chunkHeaderBytes;
  const parameters = new ParameterReader(reader, at);
  if (!parameters.next())
    throw new MalformedChunk(
      'parameter-missing',
      reader.type,
      `expected a Heartbeat Info at byte ${at}, got none`,
    );
  if (parameters.type !== ParameterType.heartbeatInfo)
    parameters.fail('parameter-missing', 'expected a Heartbeat Info');
  return { info: parameters.valueBytes() };
}

export function heartbeatSizeBytes(infoBytes: number): number {
  return chunkHeaderBytes + parameterHeaderBytes + paddedBytes(infoBytes);
}

/** Throws RangeError where there is no room. */
export function writeHeartbeat(
  writer: PacketWriter,
  type: 'heartbeat' | 'heartbeat-ack',
  info: Uint8Array,
): void {
  const chunkType = type === 'heartbeat' ? ChunkType.heartbeat : ChunkType.heartbeatAck;
  const at = writer.startChunk(chunkType, 0, chunkHeaderBytes + parameterHeaderBytes + info.length);
  writeParameters(writer, at, [{ type: ParameterType.heartbeatInfo, value: info }]);
}
