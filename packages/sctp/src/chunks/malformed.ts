import type { PacketReader } from '../packet/packet-reader.ts';
import { chunkName } from './chunk-type.ts';

export type MalformedChunkCode =
  /** The chunk's length does not fit its type, or what its fields announce. */
  | 'chunk-length'
  /** A DATA chunk without user data; `tsn` is its. */
  | 'no-user-data'
  /** A field has a value that means nothing. */
  | 'field-value'
  /** The length of a parameter or error cause does not fit its type, or what it is in. */
  | 'parameter-length'
  /** A parameter that must be there once is there twice. */
  | 'parameter-repeated'
  /** A parameter that must be there is not. */
  | 'parameter-missing';

/** A chunk that is not as the RFC has it. The message says which one, where in the packet, what was expected and what came. */
export class MalformedChunk extends Error {
  override readonly name = 'MalformedChunk';
  readonly code: MalformedChunkCode;
  /** Of the chunk. */
  readonly type: number;
  /** With code `no-user-data`. */
  readonly tsn: number | undefined;

  constructor(code: MalformedChunkCode, type: number, problem: string, tsn?: number) {
    super(`${chunkName(type)}: ${problem}`);
    this.code = code;
    this.type = type;
    this.tsn = tsn;
  }
}

/** Throws MalformedChunk unless the chunk has exactly that length. */
export function expectLength(reader: PacketReader, lengthBytes: number): void {
  const got = reader.end - reader.start;
  if (got !== lengthBytes) failLength(reader, `${lengthBytes}`, got);
}

/** Throws MalformedChunk unless the chunk has at least that length. */
export function expectAtLeast(reader: PacketReader, lengthBytes: number): void {
  const got = reader.end - reader.start;
  if (got < lengthBytes) failLength(reader, `at least ${lengthBytes}`, got);
}

function failLength(reader: PacketReader, expected: string, got: number): never {
  throw new MalformedChunk(
    'chunk-length',
    reader.type,
    `expected a length of ${expected} at byte ${reader.start}, got ${got}`,
  );
}
