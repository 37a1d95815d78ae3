import { concat, u16 as bigU16, u32 as bigU32, u8 } from './packets.ts';

/** Writes numbers in one byte order. */
function order(littleEndian: boolean): { u16: typeof bigU16; u32: typeof bigU32 } {
  const swapped =
    (write: typeof bigU16) =>
    (...values: number[]): Uint8Array =>
      concat(...values.map((value) => write(value).reverse()));
  return littleEndian ? { u16: swapped(bigU16), u32: swapped(bigU32) } : { u16: bigU16, u32: bigU32 };
}

/** Builders of pcapng blocks in one byte order. */
export class PcapngBlocks {
  readonly #u16: typeof bigU16;
  readonly #u32: typeof bigU32;

  constructor(littleEndian = true) {
    ({ u16: this.#u16, u32: this.#u32 } = order(littleEndian));
  }

  block(type: number, body: Uint8Array): Uint8Array {
    const padded = concat(body, new Uint8Array(-body.length & 3));
    const length = this.#u32(12 + padded.length);
    return concat(this.#u32(type), length, padded, length);
  }

  section(): Uint8Array {
    const unknownLength = this.#u32(0xffffffff, 0xffffffff);
    return this.block(0x0a0d0d0a, concat(this.#u32(0x1a2b3c4d), this.#u16(1, 0), unknownLength));
  }

  /** @param options if_tsresol and if_tsoffset where given */
  interface(
    linkType: number,
    options: { resolution?: number; offsetSeconds?: number; snapLength?: number } = {},
  ): Uint8Array {
    const { resolution, offsetSeconds, snapLength = 0 } = options;
    const name = concat(this.#u16(2, 3), u8(0x64, 0x30, 0x00, 0x00));
    const parts = [this.#u16(linkType, 0), this.#u32(snapLength), name];
    if (resolution !== undefined) parts.push(this.#u16(9, 1), u8(resolution, 0, 0, 0));
    if (offsetSeconds !== undefined) {
      const low = this.#u32(offsetSeconds);
      const high = this.#u32(offsetSeconds < 0 ? 0xffffffff : 0);
      const littleEndian = this.#u16(1)[0] === 1;
      parts.push(this.#u16(14, 8), ...(littleEndian ? [low, high] : [high, low]));
    }
    parts.push(this.#u16(0, 0));
    return this.block(1, concat(...parts));
  }

  packet(data: Uint8Array, options: { ticks?: bigint; interfaceId?: number } = {}): Uint8Array {
    const { ticks = 0n, interfaceId = 0 } = options;
    const time = this.#u32(Number(ticks >> 32n), Number(ticks & 0xffffffffn));
    return this.block(6, concat(this.#u32(interfaceId), time, this.#u32(data.length, data.length), data));
  }

  simplePacket(data: Uint8Array, originalLength = data.length): Uint8Array {
    return this.block(3, concat(this.#u32(originalLength), data));
  }
}

/** A capture of one interface, of packets one millisecond apart. */
export function pcapng(packets: readonly Uint8Array[], linkType = 1): Uint8Array {
  const blocks = new PcapngBlocks();
  const written = packets.map((data, index) => blocks.packet(data, { ticks: BigInt(index * 1000) }));
  return concat(blocks.section(), blocks.interface(linkType), ...written);
}

/** A classic capture file. */
export function pcap(
  packets: readonly Uint8Array[],
  options: { littleEndian?: boolean; nanoseconds?: boolean; linkType?: number } = {},
): Uint8Array {
  const { littleEndian = true, nanoseconds = false, linkType = 1 } = options;
  const { u16, u32 } = order(littleEndian);
  const header = concat(u32(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4), u16(2, 4), u32(0, 0, 0x40000, linkType));
  const records = packets.map((data, index) => concat(u32(index, 5, data.length, data.length), data));
  return concat(header, ...records);
}
