import type { Note } from './capture-note.ts';
import { dataView } from './data-view.ts';
import { ipv4Text, ipv6Text } from './ip-address.ts';

export const IpProtocol = { tcp: 6, udp: 17, sctp: 132 } as const;

/** An IP datagram or a fragment of one. */
export interface IpPacket {
  readonly version: 4 | 6;
  /** Address as text. */
  readonly source: string;
  readonly destination: string;
  /** Of the payload: TCP, UDP, SCTP, …; in an IPv6 fragment perhaps an extension header. */
  readonly protocol: number;
  readonly payload: Uint8Array;
  readonly fragment: IpFragment | undefined;
}

export interface IpFragment {
  readonly identification: number;
  readonly offsetBytes: number;
  /** More fragments follow this one. */
  readonly more: boolean;
}

const Extension = { hopByHop: 0, routing: 43, fragment: 44, authentication: 51, destination: 60 } as const;
const maxExtensionHeaders = 16;

/** Reads an IPv4 (RFC 791) or IPv6 (RFC 8200) header; undefined with a note where it cannot. */
export function readIp(data: Uint8Array, note: Note): IpPacket | undefined {
  const version = (data[0] ?? 0) >> 4;
  if (version === 4) return readIpv4(data, note);
  if (version === 6) return readIpv6(data, note);
  note(`IP version ${version}, expected 4 or 6`);
  return undefined;
}

function readIpv4(data: Uint8Array, note: Note): IpPacket | undefined {
  const headerBytes = ((data[0] ?? 0) & 0xf) * 4;
  if (headerBytes < 20 || data.length < headerBytes) {
    note('IPv4 header truncated');
    return undefined;
  }
  const view = dataView(data);
  // The kernel may leave 0 there when the network card is to cut the packet up (segmentation offload).
  const totalBytes = view.getUint16(2) || data.length;
  const flagsAndOffset = view.getUint16(6);
  const offsetBytes = (flagsAndOffset & 0x1fff) * 8;
  const more = (flagsAndOffset & 0x2000) !== 0;
  noteTruncation(totalBytes, data.length, note);
  return {
    version: 4,
    source: ipv4Text(data.subarray(12, 16)),
    destination: ipv4Text(data.subarray(16, 20)),
    protocol: view.getUint8(9),
    payload: data.subarray(headerBytes, Math.max(headerBytes, totalBytes)),
    fragment: more || offsetBytes > 0 ? { identification: view.getUint16(4), offsetBytes, more } : undefined,
  };
}

function readIpv6(data: Uint8Array, note: Note): IpPacket | undefined {
  if (data.length < 40) {
    note('IPv6 header truncated');
    return undefined;
  }
  const view = dataView(data);
  const payloadBytes = view.getUint16(4) || data.length - 40;
  noteTruncation(40 + payloadBytes, data.length, note);
  const upper = skipExtensionHeaders(view.getUint8(6), data.subarray(40, 40 + payloadBytes), note);
  if (upper === undefined) return undefined;
  return {
    version: 6,
    source: ipv6Text(data.subarray(8, 24)),
    destination: ipv6Text(data.subarray(24, 40)),
    ...upper,
  };
}

/** Passes over IPv6 extension headers (RFC 8200 section 4) up to a fragment header or the payload. */
export function skipExtensionHeaders(
  firstHeader: number,
  data: Uint8Array,
  note: Note,
): Pick<IpPacket, 'protocol' | 'payload' | 'fragment'> | undefined {
  const view = dataView(data);
  let header = firstHeader;
  let offset = 0;
  for (let count = 0; count < maxExtensionHeaders; count++) {
    const lengthBytes = extensionBytes(header, data[offset + 1] ?? 0);
    if (lengthBytes === undefined)
      return { protocol: header, payload: data.subarray(offset), fragment: undefined };
    if (offset + lengthBytes > data.length) {
      note('IPv6 extension header truncated');
      return undefined;
    }
    const next = view.getUint8(offset);
    if (header === Extension.fragment) {
      const offsetAndMore = view.getUint16(offset + 2);
      const fragment = {
        identification: view.getUint32(offset + 4),
        offsetBytes: offsetAndMore & 0xfff8,
        more: (offsetAndMore & 1) !== 0,
      };
      return { protocol: next, payload: data.subarray(offset + lengthBytes), fragment };
    }
    header = next;
    offset += lengthBytes;
  }
  note('too many IPv6 extension headers');
  return undefined;
}

/** The size of an extension header by its length field; undefined where it is none. */
function extensionBytes(header: number, lengthField: number): number | undefined {
  switch (header) {
    case Extension.hopByHop:
    case Extension.routing:
    case Extension.destination:
      return (lengthField + 1) * 8;
    case Extension.authentication:
      return (lengthField + 2) * 4;
    case Extension.fragment:
      return 8;
    default:
      return undefined;
  }
}

function noteTruncation(announcedBytes: number, capturedBytes: number, note: Note): void {
  if (announcedBytes > capturedBytes)
    note(`IP packet truncated: ${announcedBytes} bytes announced, ${capturedBytes} captured`);
}
