import { describe, expect, test } from 'vitest';
import { MalformedChunk, type MalformedChunkCode } from '../../src/chunks/malformed.ts';
import type { PacketReader } from '../../src/packet/packet-reader.ts';
import type { PacketWriter } from '../../src/packet/packet-writer.ts';
import { hex, hexText } from './hex.ts';
import { onChunk, written } from './packets.ts';

export interface ChunkTable<C> {
  readonly name: string;
  readonly decode: (reader: PacketReader) => C;
  readonly write: (writer: PacketWriter, chunk: C) => void;
  readonly sizeBytes: (chunk: C) => number;
  /** What it shows, the bytes with padding, the chunk: decoded and written. */
  readonly both: readonly (readonly [string, string, C])[];
  /** Decoded only: no sender should write it so. */
  readonly decoded?: readonly (readonly [string, string, C])[];
  /** What it shows, the bytes, the code, a part of the message. */
  readonly rejected: readonly (readonly [string, string, MalformedChunkCode, string])[];
}

/** Tests a chunk against a table of bytes that are one, and of bytes that are none. */
export function testChunk<C>({ name, decode, write, sizeBytes, both, ...table }: ChunkTable<C>): void {
  const accepted = [...both, ...(table.decoded ?? [])];

  describe(`${name} decodes`, () => {
    test.each(accepted)('%s', (_, bytes, chunk) => {
      expect(decode(onChunk(hex(bytes)))).toEqual(chunk);
    });
  });

  describe(`${name} is written`, () => {
    test.each(both)('%s', (_, bytes, chunk) => {
      const content = written((writer) => write(writer, chunk));
      expect(hexText(content)).toBe(hexText(hex(bytes)));
      expect(sizeBytes(chunk)).toBe(content.length);
    });
    test.each(both)('%s, unless there is no room', (_, bytes, chunk) => {
      const maxBytes = 12 + hex(bytes).length;
      expect(written((writer) => write(writer, chunk), maxBytes)).toEqual(hex(bytes));
      expect(() => written((writer) => write(writer, chunk), maxBytes - 1)).toThrow(RangeError);
    });
  });

  if (table.rejected.length === 0) return;
  describe(`${name} is malformed`, () => {
    test.each(table.rejected)('%s', (_, bytes, code, text) => {
      const error = thrown(() => decode(onChunk(hex(bytes))));
      expect(error).toBeInstanceOf(MalformedChunk);
      expect(error).toMatchObject({ code, message: expect.stringContaining(text) as string });
    });
  });
}

function thrown(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('expected it to throw');
}
