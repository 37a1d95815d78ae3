/*
 * Makes vectors/kernel.jsonl of a capture from the SCTP lab (vectors/README.md): one packet of the Linux kernel for each
 * sequence of chunks, flags, parameters and causes.
 *
 *     npx tsx -C @rserpool/source packages/sctp/test/extract-vectors.ts kernel.pcapng > packages/sctp/test/vectors/kernel.jsonl
 */
import { readFileSync } from 'node:fs';
import { chunkName } from '../src/chunks/chunk-type.ts';
import { PacketReader } from '../src/packet/packet-reader.ts';
import { hexText } from './support/hex.ts';
import { capturedPackets } from './support/captured-packets.ts';

const kernelPort = 9899;
const longestBytes = 700;
/** Where the parameters or causes of a chunk start, by its type. */
const partsStart: Readonly<Record<number, number>> = { 1: 20, 2: 20, 6: 4, 9: 4, 128: 8, 130: 4, 193: 8 };
const file = process.argv[2];
if (file === undefined) throw new Error('expected the name of a capture file');

const seen = new Set<string>();
for (const { frame, sourceUdpPort, bytes } of capturedPackets(readFileSync(file))) {
  if (sourceUdpPort !== kernelPort || bytes.length > longestBytes) continue;
  const reader = PacketReader.open(bytes);
  if (typeof reader === 'string') throw new Error(`frame ${frame}: ${reader}`);
  const key = shape(reader);
  if (seen.has(key)) continue;
  seen.add(key);
  console.log(JSON.stringify({ frame, shape: key, hex: hexText(bytes).replaceAll(' ', '') }));
}

function shape(reader: PacketReader): string {
  const chunks: string[] = [];
  while (reader.next()) chunks.push(`${chunkName(reader.type)}/${reader.flags}${parts(reader)}`);
  return chunks.join(' ');
}

/** The types of the parameters or causes of a chunk; for SACK, whether there are gaps and duplicates. */
function parts(reader: PacketReader): string {
  const { view, start, end } = reader;
  if (reader.type === 3)
    return `${view.getUint16(start + 12) > 0 ? ' gaps' : ''}${view.getUint16(start + 14) > 0 ? ' duplicates' : ''}`;
  let text = '';
  for (let at = start + (partsStart[reader.type] ?? end); at + 4 <= end;) {
    text += ` ${view.getUint16(at).toString(16)}`;
    at += Math.max(4, (view.getUint16(at + 2) + 3) & ~3);
  }
  return text && ` (${text.trim()})`;
}
