import type { Note } from './capture-note.ts';
import type { CapturedPacket } from './captured-packet.ts';
import { type Block, BlockType, readBlocks } from './pcapng-block.ts';

/** What a section says about one of its interfaces. */
interface CaptureInterface {
  readonly linkType: number;
  /** Most bytes kept of a packet; 0 is no limit. */
  readonly snapLengthBytes: number;
  readonly ticksPerSecond: bigint;
  readonly offsetSeconds: bigint;
}

const OptionCode = { end: 0, timeResolution: 9, timeOffset: 14 } as const;
const microseconds = 6;

/** Reads a pcapng file (draft-ietf-opsawg-pcapng): enhanced and simple packet blocks of all its sections. */
export function* readPcapng(file: Uint8Array, note: Note): Generator<CapturedPacket, void> {
  let interfaces: CaptureInterface[] = [];
  let frame = 0;
  for (const block of readBlocks(file, note)) {
    if (block.type === BlockType.section) {
      interfaces = [];
    } else if (block.type === BlockType.interface) {
      interfaces.push(readInterface(block, note));
    } else if (block.type === BlockType.obsoletePacket) {
      frame++;
      note(`obsolete packet block at byte ${block.offset} left out`);
    } else if (block.type === BlockType.enhancedPacket || block.type === BlockType.simplePacket) {
      frame++;
      const read = block.type === BlockType.enhancedPacket ? readEnhancedPacket : readSimplePacket;
      const packet = read(block, interfaces, frame);
      if (packet === undefined) note(`packet block at byte ${block.offset} truncated or of no interface`);
      else yield packet;
    }
  }
}

function readInterface({ body, littleEndian, offset }: Block, note: Note): CaptureInterface {
  if (body.byteLength < 8) {
    note(`interface block at byte ${offset} truncated`);
    return { linkType: -1, snapLengthBytes: 0, ticksPerSecond: 1n, offsetSeconds: 0n };
  }
  let resolution = microseconds;
  let offsetSeconds = 0n;
  let position = 8;
  while (position + 4 <= body.byteLength) {
    const code = body.getUint16(position, littleEndian);
    const length = body.getUint16(position + 2, littleEndian);
    const value = position + 4;
    if (code === OptionCode.end || value + length > body.byteLength) break;
    if (code === OptionCode.timeResolution && length === 1) resolution = body.getUint8(value);
    if (code === OptionCode.timeOffset && length === 8) offsetSeconds = body.getBigInt64(value, littleEndian);
    position = value + length + (-length & 3);
  }
  return {
    linkType: body.getUint16(0, littleEndian),
    snapLengthBytes: body.getUint32(4, littleEndian),
    // The highest bit tells a negative power of 2 from one of 10.
    ticksPerSecond: (resolution & 0x80 ? 2n : 10n) ** BigInt(resolution & 0x7f),
    offsetSeconds,
  };
}

function readEnhancedPacket(
  block: Block,
  interfaces: readonly CaptureInterface[],
  frame: number,
): CapturedPacket | undefined {
  const { body, littleEndian } = block;
  if (body.byteLength < 20) return undefined;
  const captureInterface = interfaces[body.getUint32(0, littleEndian)];
  const capturedBytes = body.getUint32(12, littleEndian);
  if (captureInterface === undefined || 20 + capturedBytes > body.byteLength) return undefined;
  const ticks = (BigInt(body.getUint32(4, littleEndian)) << 32n) | BigInt(body.getUint32(8, littleEndian));
  const { linkType, ticksPerSecond, offsetSeconds } = captureInterface;
  const timeNs = (ticks * 1_000_000_000n) / ticksPerSecond + offsetSeconds * 1_000_000_000n;
  return { frame, timeNs, linkType, data: block.bytes(20, capturedBytes) };
}

/** A simple packet is of the first interface, has no time, and says only how long it was before it was cut. */
function readSimplePacket(
  block: Block,
  interfaces: readonly CaptureInterface[],
  frame: number,
): CapturedPacket | undefined {
  const { body, littleEndian } = block;
  const captureInterface = interfaces[0];
  if (body.byteLength < 4 || captureInterface === undefined) return undefined;
  const { linkType, snapLengthBytes } = captureInterface;
  const originalBytes = body.getUint32(0, littleEndian);
  const capturedBytes = snapLengthBytes === 0 ? originalBytes : Math.min(originalBytes, snapLengthBytes);
  if (4 + capturedBytes > body.byteLength) return undefined;
  return { frame, timeNs: undefined, linkType, data: block.bytes(4, capturedBytes) };
}
