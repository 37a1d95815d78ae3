/** Builds packets layer by layer. Checksums stay 0: the reader does not look at them. */

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** Bytes from hexadecimal digits; blanks do not count. */
export function hex(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits.replaceAll(/\s/g, ''), 'hex'));
}

export function text(characters: string): Uint8Array {
  return Uint8Array.from(Buffer.from(characters));
}

/** Big-endian numbers of 1, 2 or 4 bytes. */
export function u8(...values: number[]): Uint8Array {
  return Uint8Array.from(values);
}

export function u16(...values: number[]): Uint8Array {
  return concat(...values.map((value) => u8((value >> 8) & 0xff, value & 0xff)));
}

export function u32(...values: number[]): Uint8Array {
  return concat(...values.map((value) => u16(value >>> 16, value & 0xffff)));
}

export function ethernet(payload: Uint8Array, etherType = 0x0800): Uint8Array {
  return concat(new Uint8Array(12), u16(etherType), payload);
}

export interface Ipv4Options {
  readonly source?: string;
  readonly destination?: string;
  readonly options?: Uint8Array;
  readonly totalLength?: number;
  readonly fragment?: { readonly id: number; readonly offset: number; readonly more: boolean };
}

export const ipSctp = 132;
export const ipUdp = 17;
export const ipTcp = 6;

export function ipv4(protocol: number, payload: Uint8Array, options: Ipv4Options = {}): Uint8Array {
  const { source = '10.1.1.1', destination = '10.1.1.2', fragment } = options;
  const extra = options.options ?? u8();
  const headerBytes = 20 + extra.length;
  const flagsAndOffset = fragment ? (fragment.more ? 0x2000 : 0) | (fragment.offset / 8) : 0;
  return concat(
    u8(0x40 | (headerBytes / 4), 0),
    u16(options.totalLength ?? headerBytes + payload.length, fragment?.id ?? 0, flagsAndOffset),
    u8(64, protocol, 0, 0),
    ipv4Address(source),
    ipv4Address(destination),
    extra,
    payload,
  );
}

function ipv4Address(address: string): Uint8Array {
  return Uint8Array.from(address.split('.').map(Number));
}

/** From fd00::1 to fd00::2. */
export function ipv6(
  nextHeader: number,
  payload: Uint8Array,
  destination = 'fd00'.padEnd(31, '0') + '2',
): Uint8Array {
  const source = hex('fd00'.padEnd(31, '0') + '1');
  return concat(u32(0x60000000), u16(payload.length), u8(nextHeader, 64), source, hex(destination), payload);
}

export function udp(
  sourcePort: number,
  destinationPort: number,
  data: Uint8Array,
  length?: number,
): Uint8Array {
  return concat(u16(sourcePort, destinationPort, length ?? 8 + data.length, 0), data);
}

export interface SctpOptions {
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly tag?: number;
}

export function sctp(chunks: readonly Uint8Array[], options: SctpOptions = {}): Uint8Array {
  const { sourcePort = 5000, destinationPort = 3863, tag = 0x1234 } = options;
  return concat(u16(sourcePort, destinationPort), u32(tag, 0), ...chunks);
}

export interface DataChunkOptions {
  readonly tsn: number;
  readonly ppid?: number;
  readonly stream?: number;
  /** B, E and U bits; default: a whole message. */
  readonly flags?: number;
}

export const begin = 2;
export const END = 1;

export function dataChunk(data: Uint8Array, options: DataChunkOptions): Uint8Array {
  const { tsn, ppid = 11, stream = 0, flags = begin | END } = options;
  return chunk(0, flags, concat(u32(tsn), u16(stream, 0), u32(ppid), data));
}

export function chunk(type: number, flags: number, value: Uint8Array): Uint8Array {
  const length = 4 + value.length;
  return concat(u8(type, flags), u16(length), value, new Uint8Array(-length & 3));
}

export interface TcpOptions {
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly sequence: number;
  readonly syn?: boolean;
}

export function tcp(data: Uint8Array, options: TcpOptions): Uint8Array {
  const { sourcePort = 40000, destinationPort = 7000, sequence, syn = false } = options;
  const flags = u8(0x50, syn ? 0x02 : 0x10);
  return concat(u16(sourcePort, destinationPort), u32(sequence, 0), flags, u16(0xffff, 0, 0), data);
}
