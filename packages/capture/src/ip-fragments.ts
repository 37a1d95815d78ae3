import type { CaptureLimits } from './capture-limits.ts';
import type { Note } from './capture-note.ts';
import { type IpFragment, type IpPacket, skipExtensionHeaders } from './ip.ts';

const maxDatagramBytes = 0xffff;

/** What has arrived of a datagram, in order of offset. */
interface PendingDatagram {
  readonly pieces: { readonly offsetBytes: number; readonly payload: Uint8Array }[];
  /** The protocol that the first fragment names. */
  protocol: number;
  receivedBytes: number;
  /** Known once the last fragment is there. */
  totalBytes: number | undefined;
}

/** Puts fragments of IP datagrams together (RFC 791 section 3.2, RFC 8200 section 4.5). */
export class IpFragments {
  readonly #pending = new Map<string, PendingDatagram>();
  readonly #limits: CaptureLimits;
  #pendingBytes = 0;

  constructor(limits: CaptureLimits) {
    this.#limits = limits;
  }

  /** The whole datagram: at once where it is not fragmented, with the last missing fragment, or undefined. */
  add(packet: IpPacket, note: Note): IpPacket | undefined {
    if (packet.fragment === undefined) return packet;
    const { source, destination, version, protocol, fragment } = packet;
    // IPv4 tells datagrams apart by protocol too; in IPv6 only the first fragment need name the right one.
    const kind = version === 4 ? protocol : 'v6';
    const key = `${source}>${destination}/${kind}/${fragment.identification}`;
    const datagram = this.#pending.get(key) ?? this.#open(key, protocol, note);
    const accepted = insert(datagram, packet, fragment);
    if (accepted === 'conflict') {
      note('fragments of an IP datagram overlap or do not fit');
      this.#close(key, datagram);
      return undefined;
    }
    this.#pendingBytes += accepted;
    if (datagram.receivedBytes === datagram.totalBytes) {
      this.#close(key, datagram);
      return whole(packet, datagram, note);
    }
    if (this.#pendingBytes > this.#limits.maxPendingBytes) this.#dropOldest(note);
    return undefined;
  }

  /** Reports what never became whole. */
  finish(note: Note): void {
    if (this.#pending.size > 0) note(`${this.#pending.size} IP datagrams lack fragments`);
  }

  #open(key: string, protocol: number, note: Note): PendingDatagram {
    if (this.#pending.size >= this.#limits.maxPendingDatagrams) this.#dropOldest(note);
    const datagram = { pieces: [], protocol, receivedBytes: 0, totalBytes: undefined };
    this.#pending.set(key, datagram);
    return datagram;
  }

  #close(key: string, datagram: PendingDatagram): void {
    this.#pending.delete(key);
    this.#pendingBytes -= datagram.receivedBytes;
  }

  #dropOldest(note: Note): void {
    for (const [key, datagram] of this.#pending) {
      this.#close(key, datagram);
      note('too many unfinished IP datagrams: the oldest is dropped');
      return;
    }
  }
}

/** Puts a fragment in its place; returns how many bytes it added: 0 for one that came twice. */
function insert(datagram: PendingDatagram, packet: IpPacket, fragment: IpFragment): number | 'conflict' {
  const { pieces } = datagram;
  const { payload } = packet;
  const start = fragment.offsetBytes;
  const end = start + payload.length;
  let index = pieces.length;
  while (index > 0 && (pieces[index - 1]?.offsetBytes ?? 0) >= start) index--;
  const before = pieces[index - 1];
  const after = pieces[index];
  if (after?.offsetBytes === start) return after.payload.length === payload.length ? 0 : 'conflict';
  if (payload.length === 0 || end > maxDatagramBytes) return 'conflict';
  if (before !== undefined && before.offsetBytes + before.payload.length > start) return 'conflict';
  if (after !== undefined && end > after.offsetBytes) return 'conflict';
  if (end > (datagram.totalBytes ?? end)) return 'conflict';
  if (!fragment.more) {
    if (after !== undefined || datagram.totalBytes !== undefined) return 'conflict';
    datagram.totalBytes = end;
  }
  if (start === 0) datagram.protocol = packet.protocol;
  pieces.splice(index, 0, { offsetBytes: start, payload });
  datagram.receivedBytes += payload.length;
  return payload.length;
}

function whole(packet: IpPacket, datagram: PendingDatagram, note: Note): IpPacket | undefined {
  const payload = new Uint8Array(datagram.receivedBytes);
  for (const piece of datagram.pieces) payload.set(piece.payload, piece.offsetBytes);
  if (packet.version === 4) return { ...packet, payload, fragment: undefined };
  const upper = skipExtensionHeaders(datagram.protocol, payload, note);
  if (upper?.fragment !== undefined) note('fragment header inside an IPv6 datagram that was fragmented');
  return upper && upper.fragment === undefined ? { ...packet, ...upper } : undefined;
}
