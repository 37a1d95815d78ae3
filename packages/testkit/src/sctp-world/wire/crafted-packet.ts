import { packetChecksum } from './packet-checksum.ts';

/** A chunk that somebody makes up. */
export interface CraftedChunk {
  readonly type: number;
  readonly flags?: number;
  readonly value?: Uint8Array;
}

/** A packet with a right checksum, whatever else is wrong with it. */
export function craftPacket(
  sourcePort: number,
  destinationPort: number,
  verificationTag: number,
  chunks: readonly CraftedChunk[],
): Uint8Array {
  const sizeBytes = chunks.reduce((sum, { value }) => sum + 4 + (((value?.length ?? 0) + 3) & ~3), 12);
  const packet = new Uint8Array(sizeBytes);
  const view = new DataView(packet.buffer);
  view.setUint16(0, sourcePort);
  view.setUint16(2, destinationPort);
  view.setUint32(4, verificationTag);
  let at = 12;
  for (const { type, flags = 0, value = new Uint8Array(0) } of chunks) {
    packet[at] = type;
    packet[at + 1] = flags;
    view.setUint16(at + 2, 4 + value.length);
    packet.set(value, at + 4);
    at += 4 + ((value.length + 3) & ~3);
  }
  view.setUint32(8, packetChecksum(packet), true);
  return packet;
}

/** A chunk value of numbers: [value, bytes] each. */
export function fields(...numbers: readonly (readonly [number, 1 | 2 | 4])[]): Uint8Array {
  const value = new Uint8Array(numbers.reduce((sum, [, bytes]) => sum + bytes, 0));
  const view = new DataView(value.buffer);
  let at = 0;
  for (const [number, bytes] of numbers) {
    if (bytes === 1) view.setUint8(at, number);
    else if (bytes === 2) view.setUint16(at, number);
    else view.setUint32(at, number);
    at += bytes;
  }
  return value;
}
