/**
 * The cryptography that sealed cookies need, without I/O. The `rserpool` package implements it with Node's crypto. All calls
 * are synchronous: a cookie is at most 64 KiB.
 */
export interface CookieCrypto {
  /** Unpredictable bytes. */
  randomBytes(lengthBytes: number): Uint8Array;
  /** HMAC-SHA-256 (RFC 2104, FIPS 180-4): 32 bytes. */
  hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** Compares in a time that does not tell where the two differ. False where their lengths differ. */
  equal(left: Uint8Array, right: Uint8Array): boolean;
  /**
   * AES-256 in Galois/Counter Mode (NIST SP 800-38D).
   * @param key 32 bytes
   * @param nonce 12 bytes
   * @returns the ciphertext, as long as the plaintext, and the 16 bytes of the tag
   */
  encryptAes256Gcm(
    key: Uint8Array,
    nonce: Uint8Array,
    additionalData: Uint8Array,
    plaintext: Uint8Array,
  ): Uint8Array;
  /** The reverse of {@link encryptAes256Gcm}; undefined when the tag is wrong or missing. */
  decryptAes256Gcm(
    key: Uint8Array,
    nonce: Uint8Array,
    additionalData: Uint8Array,
    ciphertextAndTag: Uint8Array,
  ): Uint8Array | undefined;
}
