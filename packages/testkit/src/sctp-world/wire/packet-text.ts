import { chunkNames, chunkTypes } from './seen-packet.ts';
import type { SeenChunk, SeenPacket } from './seen-packet.ts';

const firstBit = 2;
const lastBit = 1;
const unorderedBit = 4;
const immediateBit = 8;

/** The chunks of a packet in one line for a person. */
export function packetText(packet: SeenPacket): string {
  const chunks = packet.chunks.map((chunk) => chunkText(packet, chunk));
  return `tag=${hex(packet.verificationTag)} ${chunks.join(' ')}`;
}

function chunkText(packet: SeenPacket, chunk: SeenChunk): string {
  const name = chunkNames.get(chunk.type) ?? `chunk-${chunk.type}`;
  switch (chunk.type) {
    case chunkTypes.data:
      return `${name}(${dataText(packet, chunk)})`;
    case chunkTypes.sack:
      return `${name}(${sackText(packet)})`;
    case chunkTypes.init:
    case chunkTypes.initAck:
      return `${name}(${initText(packet)})`;
    case chunkTypes.shutdown:
      return `${name}(cum=${packet.shutdownTsn ?? '?'})`;
    case chunkTypes.abort:
    case chunkTypes.error:
    case chunkTypes.shutdownComplete:
      return `${name}(${causesText(packet, chunk)})`;
    default:
      return name;
  }
}

function dataText(packet: SeenPacket, chunk: SeenChunk): string {
  const tsn = new DataView(packet.bytes.buffer, packet.bytes.byteOffset).getUint32(chunk.start + 4);
  const data = packet.data.find((other) => other.tsn === tsn);
  if (data === undefined) return 'malformed';
  const { flags, streamId, streamSequence, payloadProtocolId, userBytes } = data;
  const marks = [
    flags & firstBit ? 'B' : '',
    flags & lastBit ? 'E' : '',
    flags & unorderedBit ? 'U' : '',
    flags & immediateBit ? 'I' : '',
  ].join('');
  const place = flags & unorderedBit ? `s=${streamId}` : `s=${streamId}/${streamSequence}`;
  return `tsn=${tsn} ${place} message=${payloadProtocolId} ${userBytes}B${marks === '' ? '' : ` ${marks}`}`;
}

function sackText({ sack }: SeenPacket): string {
  if (sack === undefined) return 'malformed';
  const gaps = sack.gaps.map(([first, last]) => `${first}-${last}`).join(',');
  const duplicates = sack.duplicates.join(',');
  const more = `${gaps === '' ? '' : ` gaps=${gaps}`}${duplicates === '' ? '' : ` duplicates=${duplicates}`}`;
  return `cum=${sack.cumulativeTsn} rwnd=${sack.windowBytes}${more}`;
}

function initText({ init }: SeenPacket): string {
  if (init === undefined) return 'malformed';
  const streams = `${init.outboundStreams}/${init.inboundStreams}`;
  return `itag=${hex(init.initiateTag)} tsn=${init.initialTsn} rwnd=${init.windowBytes} streams=${streams}`;
}

/** The T bit, and the numbers of the error causes. */
function causesText(packet: SeenPacket, { flags, start, lengthBytes }: SeenChunk): string {
  const view = new DataView(packet.bytes.buffer, packet.bytes.byteOffset);
  const causes: number[] = [];
  for (let at = start + 4; at + 4 <= start + lengthBytes;) {
    causes.push(view.getUint16(at));
    at += Math.max(4, (view.getUint16(at + 2) + 3) & ~3);
  }
  return [flags & 1 ? 'T' : '', causes.length > 0 ? `causes=${causes.join(',')}` : '']
    .filter(Boolean)
    .join(' ');
}

function hex(tag: number): string {
  return tag.toString(16).padStart(8, '0');
}
