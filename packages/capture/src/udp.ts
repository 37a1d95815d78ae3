import type { Note } from './capture-note.ts';
import { dataView } from './data-view.ts';

export interface UdpDatagram {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly data: Uint8Array;
}

const headerBytes = 8;

/** Reads a UDP datagram (RFC 768); undefined with a note where it is cut. Checksums are not looked at. */
export function readUdp(payload: Uint8Array, note: Note): UdpDatagram | undefined {
  if (payload.length < headerBytes) {
    note('UDP header truncated');
    return undefined;
  }
  const view = dataView(payload);
  const length = view.getUint16(4);
  if (length < headerBytes || length > payload.length) {
    note(`UDP datagram truncated: ${length} bytes announced, ${payload.length} captured`);
    return undefined;
  }
  const data = payload.subarray(headerBytes, length);
  return { sourcePort: view.getUint16(0), destinationPort: view.getUint16(2), data };
}
