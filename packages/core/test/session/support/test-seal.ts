import { createHash, createHmac } from 'node:crypto';
import type { CookieCrypto } from '../../../src/session/cookie-crypto.ts';
import { SealedCookies } from '../../../src/session/sealed-cookies.ts';
import type { SealedCookiesOptions } from '../../../src/session/sealed-cookies.ts';

/** Enough for signed cookies; the `rserpool` package tests both forms with its full implementation. */
const crypto: CookieCrypto = {
  randomBytes: () => refuse(),
  hmacSha256: (key, data) => new Uint8Array(createHmac('sha256', key).update(data).digest()),
  equal: (left, right) => Buffer.compare(left, right) === 0,
  encryptAes256Gcm: () => refuse(),
  decryptAes256Gcm: () => undefined,
};

function refuse(): never {
  throw new Error('these tests do not encrypt');
}

/** Signed cookies with the key that belongs to a password. */
export function testSeal(password = 'secret', options: Partial<SealedCookiesOptions> = {}): SealedCookies {
  const key = new Uint8Array(createHash('sha256').update(password).digest());
  return new SealedCookies({
    crypto,
    keys: new Map([[1, key]]),
    sealingKeyId: 1,
    wallClockMs: () => 0,
    ...options,
  });
}
