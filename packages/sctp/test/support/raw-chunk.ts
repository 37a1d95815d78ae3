import type { InitChunk } from '../../src/chunks/init.ts';
import { parametersLengthBytes, writeParameters } from '../../src/parameters/parameter.ts';
import type { Parameter } from '../../src/parameters/parameter.ts';
import type { Write } from './raw-peer.ts';

/** A chunk of any type with any value. */
export function rawChunk(type: number, value: Uint8Array = new Uint8Array(0), flags = 0): Write {
  return (packet) => packet.bytes.set(value, packet.startChunk(type, flags, 4 + value.length));
}

/** An INIT or INIT ACK chunk with any parameters in any order. */
export function rawInit(
  type: 1 | 2,
  fields: Omit<InitChunk, 'parameters'>,
  parameters: readonly Parameter[],
): Write {
  return (packet) => {
    const at = packet.startChunk(type, 0, 20 + parametersLengthBytes(parameters));
    packet.view.setUint32(at, fields.initiateTag);
    packet.view.setUint32(at + 4, fields.advertisedWindowBytes);
    packet.view.setUint16(at + 8, fields.outboundStreams);
    packet.view.setUint16(at + 10, fields.inboundStreams);
    packet.view.setUint32(at + 12, fields.initialTsn);
    writeParameters(packet, at + 16, parameters);
  };
}
