import type { PoolHandle } from '@rserpool/wire';
import { poolHandleBytes } from '@rserpool/wire';
import type { CookieOrigin } from './cookie-seal.ts';

/*
 * A sealed cookie, network byte order:
 *
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Magic 0xC5   |  Version = 1  |     Form      |    Key id     |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                                                               |
 * |                          Session id                           |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                                                               |
 * |                           Sequence                            |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                                                               |
 * |             Issued at, milliseconds since 1970                |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * :              Salt, 28 bytes (form 2 only)                     :
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * :              State, any length (form 2: encrypted)            :
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * :              Tag: 32 bytes (form 1) or 16 bytes (form 2)      :
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 * Form 1, signed: the tag is HMAC-SHA-256 over the pool handle's length (16 bit), the pool handle, and all that stands
 * before the tag.
 * Form 2, encrypted: the state and the tag are the output of AES-256-GCM; the additional data are the pool handle's length,
 * the pool handle, header and salt. The first 16 bytes of the salt go into the key, the other 12 are the nonce, so that
 * elements that share a pool key need not agree about nonces.
 * The pool handle is not in the cookie: one for another pool has the wrong tag.
 */

export const cookieForm = { signed: 1, encrypted: 2 } as const;

export const headerBytes = 28;
export const saltBytes = 28;
export const keySaltBytes = 16;
export const signatureBytes = 32;

const magic = 0xc5;
const version = 1;

export interface SealedCookieHeader extends CookieOrigin {
  readonly form: number;
  readonly keyId: number;
}

export function encodeHeader(header: SealedCookieHeader): Uint8Array {
  const bytes = new Uint8Array(headerBytes);
  bytes.set([magic, version, header.form, header.keyId]);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(4, header.sessionId);
  view.setBigUint64(12, BigInt(header.sequence));
  view.setBigUint64(20, BigInt(Math.round(header.issuedAtMs)));
  return bytes;
}

export function decodeHeader(cookie: Uint8Array): SealedCookieHeader | 'malformed' | 'unknown-version' {
  const [first, second, form, keyId] = cookie;
  if (cookie.length < headerBytes || first !== magic || form === undefined || keyId === undefined)
    return 'malformed';
  if (second !== version) return 'unknown-version';
  const view = new DataView(cookie.buffer, cookie.byteOffset);
  return {
    form,
    keyId,
    sessionId: view.getBigUint64(4),
    sequence: Number(view.getBigUint64(12)),
    issuedAtMs: Number(view.getBigUint64(20)),
  };
}

/** What the tag covers beside the cookie: length first, so that no pool handle can run into what follows it. */
export function poolPrefix(poolHandle: PoolHandle): Uint8Array {
  const handle = poolHandleBytes(poolHandle);
  return concatenate(Uint8Array.of(handle.length >>> 8, handle.length & 0xff), handle);
}

export function concatenate(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
