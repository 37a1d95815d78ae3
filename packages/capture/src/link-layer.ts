import type { CapturedPacket } from './captured-packet.ts';
import type { Note } from './capture-note.ts';
import { dataView } from './data-view.ts';

const EtherType = { ipv4: 0x0800, ipv6: 0x86dd } as const;
/** 802.1Q, 802.1ad and its predecessor: four bytes, then the next type. */
const vlanTypes: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100]);
/** AF_INET everywhere; AF_INET6 of Linux, NetBSD, FreeBSD, macOS and Windows. */
const ipFamilies: ReadonlySet<number> = new Set([2, 10, 23, 24, 28, 30]);

/**
 * The IP packet inside a captured packet; undefined for other network protocols (ARP), and with a note for link layers that
 * are unknown or cut.
 */
export function networkPacket(packet: CapturedPacket, note: Note): Uint8Array | undefined {
  const { data, linkType } = packet;
  switch (linkType) {
    case 0: // NULL: address family in the byte order of the machine that captured
    case 108: // LOOP: the same in network byte order
      return loopback(data, note);
    case 1: // Ethernet
      return typed(data, 12, 14, note);
    case 12: // RAW as some systems number it
    case 14:
    case 101: // RAW
    case 228: // IPV4
    case 229: // IPV6
      return data;
    case 113: // LINUX_SLL
      return typed(data, 14, 16, note);
    case 276: // LINUX_SLL2
      return typed(data, 0, 20, note);
    default:
      note(`link type ${linkType} is not known`);
      return undefined;
  }
}

function loopback(data: Uint8Array, note: Note): Uint8Array | undefined {
  if (data.length < 4) {
    note('link layer header truncated');
    return undefined;
  }
  const view = dataView(data);
  const isIp = ipFamilies.has(view.getUint32(0, true)) || ipFamilies.has(view.getUint32(0, false));
  return isIp ? data.subarray(4) : undefined;
}

/** A header with an EtherType in it; VLAN tags follow the header. */
function typed(
  data: Uint8Array,
  typeOffset: number,
  headerBytes: number,
  note: Note,
): Uint8Array | undefined {
  if (data.length < headerBytes) {
    note('link layer header truncated');
    return undefined;
  }
  const view = dataView(data);
  let type = view.getUint16(typeOffset);
  let offset = headerBytes;
  while (vlanTypes.has(type)) {
    if (data.length < offset + 4) {
      note('link layer header truncated');
      return undefined;
    }
    type = view.getUint16(offset + 2);
    offset += 4;
  }
  return type === EtherType.ipv4 || type === EtherType.ipv6 ? data.subarray(offset) : undefined;
}
