/** Little-endian integers as C has them, network byte order (`u16be`, `u32be`), and a struct sockaddr_storage. */
export type FieldType = 'u8' | 'u16' | 'u16be' | 'i32' | 'u32' | 'u32be' | 'u64' | 'sockaddr';

interface FieldKind {
  readonly sizeBytes: number;
  readonly alignBytes: number;
  read(view: DataView, at: number): number;
  write(view: DataView, at: number, value: number): void;
}

/** Addresses have a file of their own. */
const notANumber = {
  read: () => 0,
  write: () => undefined,
};

const kinds: Readonly<Record<FieldType, FieldKind>> = {
  u8: kind(
    1,
    (view, at) => view.getUint8(at),
    (view, at, value) => view.setUint8(at, value),
  ),
  u16: kind(
    2,
    (view, at) => view.getUint16(at, true),
    (view, at, value) => view.setUint16(at, value, true),
  ),
  u16be: kind(
    2,
    (view, at) => view.getUint16(at),
    (view, at, value) => view.setUint16(at, value),
  ),
  i32: kind(
    4,
    (view, at) => view.getInt32(at, true),
    (view, at, value) => view.setInt32(at, value, true),
  ),
  u32: kind(
    4,
    (view, at) => view.getUint32(at, true),
    (view, at, value) => view.setUint32(at, value, true),
  ),
  u32be: kind(
    4,
    (view, at) => view.getUint32(at),
    (view, at, value) => view.setUint32(at, value),
  ),
  u64: kind(
    8,
    (view, at) => Number(view.getBigUint64(at, true)),
    (view, at, value) => view.setBigUint64(at, BigInt(value), true),
  ),
  sockaddr: { sizeBytes: 128, alignBytes: 8, ...notANumber },
};

function kind(sizeBytes: number, read: FieldKind['read'], write: FieldKind['write']): FieldKind {
  return { sizeBytes, alignBytes: sizeBytes, read, write };
}

/** Where the fields of a C structure are, on 64-bit little-endian Linux. */
export class StructLayout<Field extends string> {
  readonly sizeBytes: number;
  readonly offsets: Readonly<Record<Field, number>>;
  readonly #fields: Readonly<Record<Field, FieldType>>;

  /**
   * @param fields in the order of the structure
   * @param packedAlignBytes the n of `__attribute__((packed, aligned(n)))`: no gaps between fields. Default: each is aligned
   */
  constructor(fields: Readonly<Record<Field, FieldType>>, packedAlignBytes?: number) {
    this.#fields = fields;
    let end = 0;
    let structAlignBytes = packedAlignBytes ?? 1;
    const place = ([name, type]: [string, FieldType]): [string, number] => {
      const { sizeBytes, alignBytes } = kinds[type];
      const start = packedAlignBytes === undefined ? roundUp(end, alignBytes) : end;
      if (packedAlignBytes === undefined) structAlignBytes = Math.max(structAlignBytes, alignBytes);
      end = start + sizeBytes;
      return [name, start];
    };
    const entries = Object.entries<FieldType>(fields);
    this.offsets = Object.fromEntries(entries.map(place)) as Record<Field, number>;
    this.sizeBytes = roundUp(end, structAlignBytes);
  }

  /** The bytes of a structure; fields that are not given are zero. */
  encode(values: Readonly<Partial<Record<Field, number>>>): Uint8Array {
    const bytes = new Uint8Array(this.sizeBytes);
    this.write(new DataView(bytes.buffer), 0, values);
    return bytes;
  }

  write(view: DataView, at: number, values: Readonly<Partial<Record<Field, number>>>): void {
    for (const name in values) {
      const value = values[name];
      if (value !== undefined) kinds[this.#fields[name]].write(view, at + this.offsets[name], value);
    }
  }

  /** @throws RangeError when the field is beyond the bytes */
  read(bytes: Uint8Array, field: Field): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    return kinds[this.#fields[field]].read(view, this.offsets[field]);
  }
}

function roundUp(value: number, align: number): number {
  return Math.ceil(value / align) * align;
}
