import type { PathAddress } from './packet-link.ts';

/** What a responder must know again when its INIT ACK comes back as a COOKIE ECHO: nothing of it is kept meanwhile (RFC 9260 section 5.1.3). */
export interface StateCookie {
  readonly createdAtMs: number;
  readonly lifeMs: number;
  readonly localTag: number;
  readonly remoteTag: number;
  readonly localInitialTsn: number;
  readonly remoteInitialTsn: number;
  readonly remoteWindowBytes: number;
  /** Of ours to the peer, after both sides have been heard (RFC 9260 section 5.1.1). */
  readonly outboundStreams: number;
  readonly inboundStreams: number;
  /** Tags of an association that there was already, 0 where there was none (section 5.2.2). */
  readonly localTieTag: number;
  readonly remoteTieTag: number;
  readonly remotePort: number;
  /** Where the INIT came from, and where to. */
  readonly source: PathAddress;
  readonly localAddress: string;
  /** Further addresses that the INIT names. */
  readonly addresses: readonly string[];
  /** Chunk types that the peer supports beyond RFC 9260 (RFC 5061 section 4.2.7). */
  readonly supportedExtensions: readonly number[];
  /** What each extension of ours must know again. */
  readonly remembered: readonly Uint8Array[];
}

const lengthBytes = 1;
const rememberedLengthBytes = 2;
const fixedBytes = 8 + 8 * 4 + 4 * 2;

/**
 * The bytes of a cookie, before its signature. Only we read them, so their form is our own: fixed numbers, then texts and types with
 * their count, then what extensions remember.
 */
export function encodeStateCookie(cookie: StateCookie): Uint8Array {
  const texts = [cookie.localAddress, cookie.source.address, ...cookie.addresses].map((text) =>
    new TextEncoder().encode(text),
  );
  const textBytes = texts.reduce((sum, text) => sum + lengthBytes + text.length, 0);
  const rememberedStart = fixedBytes + 2 + textBytes + cookie.supportedExtensions.length;
  const rememberedBytes = cookie.remembered.reduce(
    (sum, { length }) => sum + rememberedLengthBytes + length,
    0,
  );
  const bytes = new Uint8Array(rememberedStart + rememberedBytes);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, cookie.createdAtMs);
  let offset = 8;
  for (const number of numbersOf(cookie)) {
    view.setUint32(offset, number);
    offset += 4;
  }
  for (const number of [
    cookie.outboundStreams,
    cookie.inboundStreams,
    cookie.remotePort,
    cookie.source.udpPort,
  ]) {
    view.setUint16(offset, number);
    offset += 2;
  }
  bytes[offset] = texts.length;
  bytes[offset + 1] = cookie.supportedExtensions.length;
  offset += 2;
  for (const text of texts) {
    bytes[offset] = text.length;
    bytes.set(text, offset + 1);
    offset += 1 + text.length;
  }
  bytes.set(cookie.supportedExtensions, offset);
  offset = rememberedStart;
  for (const remembered of cookie.remembered) {
    view.setUint16(offset, remembered.length);
    bytes.set(remembered, offset + rememberedLengthBytes);
    offset += rememberedLengthBytes + remembered.length;
  }
  return bytes;
}

/** Reads what {@link encodeStateCookie} wrote; its signature has been verified. */
export function decodeStateCookie(bytes: Uint8Array): StateCookie {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const uint32 = (index: number): number => view.getUint32(8 + 4 * index);
  const uint16 = (index: number): number => view.getUint16(8 + 4 * 8 + 2 * index);
  const textCount = view.getUint8(fixedBytes);
  const extensionCount = view.getUint8(fixedBytes + 1);
  const texts: string[] = [];
  let offset = fixedBytes + 2;
  for (let count = 0; count < textCount; count += 1) {
    const end = offset + 1 + view.getUint8(offset);
    texts.push(new TextDecoder().decode(bytes.subarray(offset + 1, end)));
    offset = end;
  }
  const [localAddress = '', address = '', ...addresses] = texts;
  return {
    createdAtMs: view.getFloat64(0),
    lifeMs: uint32(0),
    localTag: uint32(1),
    remoteTag: uint32(2),
    localInitialTsn: uint32(3),
    remoteInitialTsn: uint32(4),
    remoteWindowBytes: uint32(5),
    localTieTag: uint32(6),
    remoteTieTag: uint32(7),
    outboundStreams: uint16(0),
    inboundStreams: uint16(1),
    remotePort: uint16(2),
    source: { address, udpPort: uint16(3) },
    localAddress,
    addresses,
    supportedExtensions: [...bytes.subarray(offset, offset + extensionCount)],
    remembered: readRemembered(bytes, view, offset + extensionCount),
  };
}

function readRemembered(bytes: Uint8Array, view: DataView, start: number): Uint8Array[] {
  const remembered: Uint8Array[] = [];
  for (let offset = start; offset < bytes.length;) {
    const end = offset + rememberedLengthBytes + view.getUint16(offset);
    remembered.push(new Uint8Array(bytes.subarray(offset + rememberedLengthBytes, end)));
    offset = end;
  }
  return remembered;
}

function numbersOf(cookie: StateCookie): readonly number[] {
  return [
    cookie.lifeMs,
    cookie.localTag,
    cookie.remoteTag,
    cookie.localInitialTsn,
    cookie.remoteInitialTsn,
    cookie.remoteWindowBytes,
    cookie.localTieTag,
    cookie.remoteTieTag,
  ];
}
