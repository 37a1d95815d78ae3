/**
 * Extracts the test vectors of `packages/wire/test/vectors/rsplib-mixed` from a capture:
 *
 *     npx tsx --conditions=@rserpool/source packages/capture/test/extract-vectors.ts ../shared/captures/rsplib-mixed.pcapng packages/wire/test/vectors/rsplib-mixed
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CapturedMessage } from '../src/captured-message.ts';
import type { CaptureProtocol } from '../src/payload-protocol.ts';
import { readMessages } from '../src/read-messages.ts';

/** Fractal data messages are 1,312 bytes each and all alike: of those of full size every 20th is kept. */
const fullFractalDataBytes = 1312;
const keptFractalData = 20;

/** The distinct messages of each protocol of a capture, as lines of JSON: the frame that completed it, its bytes. */
export function extractVectors(capture: Uint8Array): Map<CaptureProtocol, string> {
  const lines = new Map<CaptureProtocol, Map<string, number>>();
  let fullFractalData = 0;
  for (const message of readMessages(capture)) {
    const { protocol, frame, data } = message;
    if (protocol === 'data') continue;
    if (isFullFractalData(message) && fullFractalData++ % keptFractalData !== 0) continue;
    const frames = lines.get(protocol) ?? new Map<string, number>();
    lines.set(protocol, frames);
    const hex = Buffer.from(data).toString('hex');
    if (!frames.has(hex)) frames.set(hex, frame);
  }
  return new Map(
    Array.from(lines, ([protocol, frames]) => [
      protocol,
      Array.from(frames, ([hex, frame]) => `${JSON.stringify({ frame, hex })}\n`).join(''),
    ]),
  );
}

function isFullFractalData({ protocol, data }: CapturedMessage): boolean {
  return protocol === 'fractal' && data.length === fullFractalDataBytes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [capture = '', directory = ''] = process.argv.slice(2);
  for (const [protocol, lines] of extractVectors(readFileSync(capture)))
    writeFileSync(join(directory, `${protocol}.jsonl`), lines);
}
