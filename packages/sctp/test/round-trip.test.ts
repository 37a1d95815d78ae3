import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chunkName } from '../src/chunks/chunk-type.ts';
import { PacketWriter } from '../src/packet/packet-writer.ts';
import { chunkCodecs } from './support/chunk-codecs.ts';
import { header, onChunk, opened, written } from './support/packets.ts';

describe('whatever is written decodes to the same', () => {
  test.each(chunkCodecs.map((codec) => [chunkName(codec.type), codec] as const))('%s', (_, codec) => {
    fc.assert(
      fc.property(codec.arbitrary, (chunk) => {
        const bytes = written((writer) => codec.write(writer, chunk));
        expect(bytes).toHaveLength(codec.sizeBytes(chunk));
        expect(codec.decode(onChunk(bytes))).toEqual(chunk);
      }),
    );
  });

  test('several chunks in one packet', () => {
    const chunk = fc.oneof(
      ...chunkCodecs.map((codec) => codec.arbitrary.map((value) => [codec, value] as const)),
    );
    fc.assert(
      fc.property(fc.array(chunk, { minLength: 1, maxLength: 12 }), (chunks) => {
        const writer = new PacketWriter(header, 65_536);
        for (const [codec, value] of chunks) codec.write(writer, value);
        const reader = opened(writer.finish());
        for (const [codec, value] of chunks) {
          expect(reader.next()).toBe(true);
          expect(reader.type).toBe(codec.type);
          expect(codec.decode(reader)).toEqual(value);
        }
        expect([reader.next(), reader.truncated]).toEqual([false, false]);
      }),
    );
  });
});
