import { textBytes } from '@rserpool/wire';
import type { PoolHandle } from '@rserpool/wire';
import type { CookieCrypto } from './cookie-crypto.ts';
import type { CookieOrder, CookieOrigin, CookieRefusal, CookieSeal, OpenedCookie } from './cookie-seal.ts';
import {
  concatenate,
  cookieForm,
  decodeHeader,
  encodeHeader,
  headerBytes,
  keySaltBytes,
  poolPrefix,
  saltBytes,
  signatureBytes,
} from './sealed-cookie-format.ts';

export interface SealedCookiesOptions {
  readonly crypto: CookieCrypto;
  /**
   * The pool's secret keys by key id (0 to 255), each of 32 bytes or more, the same at every element of the pool. To rotate:
   * give the new key to all elements, then make it the sealing one, and drop the old one when its cookies have expired.
   */
  readonly keys: ReadonlyMap<number, Uint8Array>;
  /** Which of the keys seals. */
  readonly sealingKeyId: number;
  /** Hides the state from the pool user and the network. Default false: signed only. Both forms are opened in any case. */
  readonly encrypt?: boolean;
  /** Milliseconds since 1970. */
  readonly wallClockMs: () => number;
  /** Cookies that were issued earlier are refused. Default: no limit. Clocks of elements may differ: leave room. */
  readonly maxAgeMs?: number;
}

const minKeyBytes = 32;

interface PoolKey {
  readonly signing: Uint8Array;
  readonly encrypting: Uint8Array;
}

/**
 * Cookies that are signed, and optionally encrypted, with a key that all elements of the pool share.
 * @throws RangeError when the keys are unusable
 */
export class SealedCookies implements CookieSeal {
  readonly #options: SealedCookiesOptions;
  readonly #keys = new Map<number, PoolKey>();
  readonly #sealingKey: PoolKey;

  constructor(options: SealedCookiesOptions) {
    this.#options = options;
    for (const [keyId, key] of options.keys) this.#keys.set(keyId, this.#poolKey(keyId, key));
    const sealingKey = this.#keys.get(options.sealingKeyId);
    if (sealingKey === undefined) {
      throw new RangeError(`cookie seal: there is no key with the sealing key id ${options.sealingKeyId}`);
    }
    this.#sealingKey = sealingKey;
  }

  seal(state: Uint8Array, poolHandle: PoolHandle, order: CookieOrder): Uint8Array {
    const { crypto, encrypt = false, sealingKeyId, wallClockMs } = this.#options;
    const form = encrypt ? cookieForm.encrypted : cookieForm.signed;
    const header = encodeHeader({ ...order, form, keyId: sealingKeyId, issuedAtMs: wallClockMs() });
    const prefix = poolPrefix(poolHandle);
    if (!encrypt) {
      const content = concatenate(header, state);
      return concatenate(content, crypto.hmacSha256(this.#sealingKey.signing, concatenate(prefix, content)));
    }
    const salt = crypto.randomBytes(saltBytes);
    const { key, nonce } = this.#cipher(this.#sealingKey, salt);
    const box = crypto.encryptAes256Gcm(key, nonce, concatenate(prefix, header, salt), state);
    return concatenate(header, salt, box);
  }

  open(cookie: Uint8Array, poolHandle: PoolHandle): OpenedCookie {
    const header = decodeHeader(cookie);
    if (typeof header === 'string') return refused(header);
    const key = this.#keys.get(header.keyId);
    if (key === undefined) return refused('unknown-key');
    const state = this.#stateOf(cookie, header.form, key, poolHandle);
    if (typeof state === 'string') return refused(state);
    if (this.#options.wallClockMs() - header.issuedAtMs > (this.#options.maxAgeMs ?? Infinity))
      return refused('expired');
    const origin: CookieOrigin = {
      sessionId: header.sessionId,
      sequence: header.sequence,
      issuedAtMs: header.issuedAtMs,
    };
    return { ok: true, state, origin };
  }

  #stateOf(
    cookie: Uint8Array,
    form: number,
    key: PoolKey,
    poolHandle: PoolHandle,
  ): Uint8Array | CookieRefusal {
    const { crypto } = this.#options;
    const prefix = poolPrefix(poolHandle);
    if (form === cookieForm.signed) {
      const end = cookie.length - signatureBytes;
      if (end < headerBytes) return 'malformed';
      const expected = crypto.hmacSha256(key.signing, concatenate(prefix, cookie.subarray(0, end)));
      return crypto.equal(expected, cookie.subarray(end)) ? cookie.slice(headerBytes, end) : 'forged';
    }
    const start = headerBytes + saltBytes;
    if (form !== cookieForm.encrypted || cookie.length < start) return 'malformed';
    const cipher = this.#cipher(key, cookie.subarray(headerBytes, start));
    const additionalData = concatenate(prefix, cookie.subarray(0, start));
    return (
      crypto.decryptAes256Gcm(cipher.key, cipher.nonce, additionalData, cookie.subarray(start)) ?? 'forged'
    );
  }

  /** One key for signing and one for encrypting, so that neither form says anything about the other. */
  #poolKey(keyId: number, key: Uint8Array): PoolKey {
    if (!Number.isInteger(keyId) || keyId < 0 || keyId > 255) {
      throw new RangeError(`cookie seal: a key id must be an integer from 0 to 255, got ${keyId}`);
    }
    if (key.length < minKeyBytes) {
      throw new RangeError(
        `cookie seal: key ${keyId} must have at least ${minKeyBytes} bytes, got ${key.length}`,
      );
    }
    const { crypto } = this.#options;
    return {
      signing: crypto.hmacSha256(key, textBytes('rserpool state cookie signature')),
      encrypting: crypto.hmacSha256(key, textBytes('rserpool state cookie encryption')),
    };
  }

  #cipher(key: PoolKey, salt: Uint8Array): { key: Uint8Array; nonce: Uint8Array } {
    return {
      key: this.#options.crypto.hmacSha256(key.encrypting, salt.subarray(0, keySaltBytes)),
      nonce: salt.slice(keySaltBytes),
    };
  }
}

function refused(reason: CookieRefusal): OpenedCookie {
  return { ok: false, reason };
}
