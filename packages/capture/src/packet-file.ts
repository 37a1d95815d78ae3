import type { Note } from './capture-note.ts';
import type { CapturedPacket } from './captured-packet.ts';
import { isPcap, readPcap } from './pcap.ts';
import { isPcapng } from './pcapng-block.ts';
import { readPcapng } from './pcapng.ts';

/** Reads the packets of a capture file, pcapng or pcap. Anything else has no packets and one note. */
export function* readPackets(file: Uint8Array, note: Note): Generator<CapturedPacket, void> {
  if (isPcapng(file)) yield* readPcapng(file, note);
  else if (isPcap(file)) yield* readPcap(file, note);
  else note('not a capture file: expected pcapng or pcap');
}
