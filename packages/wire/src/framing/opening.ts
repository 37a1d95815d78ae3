import { ByteReader } from '../bytes/byte-reader.ts';
import {
  framingMagic,
  framingVersion,
  frameHeaderSizeBytes,
  helloSizeBytes,
  maxHelloSizeBytes,
} from './frame.ts';
import type { FramingErrorCode, HelloFrame, MalformedFrame } from './frame.ts';

const firstAsapType = 0x01;
const lastAsapType = 0x0e;
/** Record types of TLS, change_cipher_spec to application_data (RFC 8446 section 5.1), and the version that follows. */
const firstTlsType = 0x14;
const lastTlsType = 0x17;
const tlsMajorVersion = 0x03;
/** The first bytes of HTTP/1 methods, and of the HTTP/2 preface. */
const httpStarts = ['GET', 'HEA', 'POS', 'PUT', 'DEL', 'CON', 'OPT', 'TRA', 'PAT', 'PRI'] as const;

/** True for the first byte of an ASAP message, its type (RFC 5352 section 2.2): the hello starts with another. */
export function speaksBareAsap(firstByte: number): boolean {
  return firstByte >= firstAsapType && firstByte <= lastAsapType;
}

/**
 * The size of the hello that starts with these bytes; as long as that cannot be told, one byte more than there is.
 * @param start the first bytes, at least 1 and at most FRAME_HEADER_SIZE_BYTES
 */
export function measureHello(start: Uint8Array): number | MalformedFrame {
  if (framingMagic.some((byte, index) => index < start.length && start[index] !== byte))
    return recogniseStranger(start);
  if (start.length < frameHeaderSizeBytes) return start.length + 1;
  const reader = new ByteReader(start);
  reader.skip(framingMagic.length);
  const version = reader.u8();
  reader.skip(1);
  const sizeBytes = reader.u16();
  if (version !== framingVersion)
    return malformed('version', `framing version ${version}, expected ${framingVersion}`);
  if (sizeBytes < helloSizeBytes || sizeBytes > maxHelloSizeBytes) {
    return malformed(
      'length',
      `hello of length ${sizeBytes}, expected ${helloSizeBytes} to ${maxHelloSizeBytes}`,
    );
  }
  return sizeBytes;
}

/** @param bytes a complete hello */
export function decodeHello(bytes: Uint8Array): HelloFrame {
  const reader = new ByteReader(bytes);
  reader.skip(frameHeaderSizeBytes);
  return { type: 'hello', maxMessageBytes: reader.u32(), heartbeatTimeoutMs: reader.u32() };
}

function recogniseStranger(start: Uint8Array): MalformedFrame {
  const hex = Array.from(start, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const ascii = String.fromCharCode(...start.subarray(0, 3));
  if (httpStarts.some((method) => method === ascii)) {
    return malformed('http', `an HTTP request (${hex}), expected RSerPool framing (d2 53 50 46)`);
  }
  const type = start[0] ?? 0;
  if (type >= firstTlsType && type <= lastTlsType && start[1] === tlsMajorVersion) {
    return malformed('tls', `TLS (${hex}) on a connection without TLS`);
  }
  return malformed('stranger', `first bytes ${hex}, expected RSerPool framing (d2 53 50 46)`);
}

/** The one way to say that bytes are not the framing. */
export function malformed(code: FramingErrorCode, text: string): MalformedFrame {
  return { type: 'malformed', code, text };
}
