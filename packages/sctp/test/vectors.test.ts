import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { codecOf } from './support/chunk-codecs.ts';
import { type CapturedSctpPacket, capturedPackets } from './support/captured-packets.ts';
import { hex, hexText } from './support/hex.ts';
import { opened, withChecksum, written } from './support/packets.ts';
import type { PacketReader } from '../src/packet/packet-reader.ts';

interface Vector {
  readonly frame: number;
  /** Its chunks with flags, parameters and causes. */
  readonly shape: string;
  readonly hex: string;
}

const vectors = readFileSync(new URL('vectors/kernel.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vector);

/** Chunks that we do not write as they came: reports, which we do not repeat. */
const rewritten = [/^INIT ACK\/0 \(7 8 8 8\)/];

describe('packets of the Linux kernel', () => {
  test.each(vectors.map(({ shape, ...vector }) => [shape, vector] as const))('%s', (shape, vector) => {
    const reader = opened(hex(vector.hex)); // with its real checksum
    while (reader.next()) {
      const isRewritten = rewritten.some((pattern) => pattern.test(shape));
      const original = hexText(paddedChunk(reader));
      if (isRewritten) expect(hexText(copied(reader)).length).toBeLessThan(original.length);
      else expect(hexText(copied(reader))).toBe(original);
    }
    expect(reader.truncated).toBe(false);
  });
});

// Lies beside the repository. Its checksums are zero: the loopback device leaves them out.
const capture = new URL('../../../../shared/captures/rsplib-mixed.pcapng', import.meta.url);
const isPresent = existsSync(capture);
if (!isPresent) console.warn(`skipped: the capture of RSPLIB is not here (${capture.pathname})`);

test.runIf(isPresent)('every chunk of rsplib-mixed.pcapng decodes, and is written as it came', () => {
  const packets: CapturedSctpPacket[] = [...capturedPackets(readFileSync(capture))];
  expect(packets).toHaveLength(4_869);
  let chunks = 0;
  for (const { bytes } of packets) {
    const reader = opened(withChecksum(bytes));
    for (; reader.next(); chunks++) expect(hexText(copied(reader))).toBe(hexText(paddedChunk(reader)));
    expect(reader.truncated).toBe(false);
  }
  expect(chunks).toBe(5_442); // as many as tshark 4.0.17 finds
});

/** The chunk, decoded and written again. */
function copied(reader: PacketReader): Uint8Array {
  const codec = codecOf(reader.type);
  if (codec === undefined) throw new Error(`chunk ${reader.type} is not known`);
  return written((writer) => codec.copy(reader, writer));
}

function paddedChunk({ bytes, start, end }: PacketReader): Uint8Array {
  return bytes.subarray(start, (end + 3) & ~3);
}
