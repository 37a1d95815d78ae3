import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { CookieCrypto } from '@rserpool/core';

const tagBytes = 16;

/** The cryptography of sealed state cookies, by Node's OpenSSL. */
export const nodeCookieCrypto: CookieCrypto = {
  randomBytes: (lengthBytes) => plain(randomBytes(lengthBytes)),

  hmacSha256: (key, data) => plain(createHmac('sha256', key).update(data).digest()),

  equal: (left, right) => left.length === right.length && timingSafeEqual(left, right),

  encryptAes256Gcm: (key, nonce, additionalData, plaintext) => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    cipher.setAAD(additionalData);
    return plain(Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]));
  },

  decryptAes256Gcm: (key, nonce, additionalData, ciphertextAndTag) => {
    const tagStart = ciphertextAndTag.length - tagBytes;
    if (tagStart < 0) return undefined;
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(additionalData);
    decipher.setAuthTag(ciphertextAndTag.subarray(tagStart));
    const plaintext = decipher.update(ciphertextAndTag.subarray(0, tagStart));
    try {
      return plain(Buffer.concat([plaintext, decipher.final()]));
    } catch {
      return undefined; // the tag is wrong: OpenSSL has no other way to say so
    }
  },
};

/** The engines know nothing of Buffers, whose `slice` does not copy. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
