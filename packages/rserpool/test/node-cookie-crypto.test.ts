import { describe, expect, it } from 'vitest';
import { nodeCookieCrypto } from '../src/node-cookie-crypto.ts';

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));
const text = (characters: string): Uint8Array => new TextEncoder().encode(characters);

describe('HMAC-SHA-256', () => {
  // RFC 4231 sections 4.2, 4.3 and 4.7.
  const vectors = [
    [
      bytes('0b'.repeat(20)),
      text('Hi There'),
      'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
    ],
    [
      text('Jefe'),
      text('what do ya want for nothing?'),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      bytes('aa'.repeat(131)),
      text('Test Using Larger Than Block-Size Key - Hash Key First'),
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
  ] as const;

  it.each(vectors)('agrees with RFC 4231 (%#)', (key, data, digest) => {
    expect(nodeCookieCrypto.hmacSha256(key, data)).toEqual(bytes(digest));
  });
});

describe('AES-256-GCM', () => {
  // Test case 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega), which NIST SP 800-38D stands on.
  const key = bytes('feffe9928665731c6d6a8f9467308308'.repeat(2));
  const nonce = bytes('cafebabefacedbaddecaf888');
  const additionalData = bytes('feedfacedeadbeeffeedfacedeadbeefabaddad2');
  const plaintext = bytes(
    'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72' +
      '1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
  );
  const box = bytes(
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa' +
      '8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662' +
      '76fc6ece0f4e1768cddf8853bb2d551b',
  );

  it('agrees with test case 16', () => {
    expect(nodeCookieCrypto.encryptAes256Gcm(key, nonce, additionalData, plaintext)).toEqual(box);
    expect(nodeCookieCrypto.decryptAes256Gcm(key, nonce, additionalData, box)).toEqual(plaintext);
  });

  it('takes an empty plaintext', () => {
    const empty = nodeCookieCrypto.encryptAes256Gcm(key, nonce, additionalData, new Uint8Array(0));
    expect(empty).toHaveLength(16);
    expect(nodeCookieCrypto.decryptAes256Gcm(key, nonce, additionalData, empty)).toEqual(new Uint8Array(0));
  });

  it.each([
    ['a changed ciphertext', nonce, additionalData, box.with(0, 0)],
    ['a changed tag', nonce, additionalData, box.with(-1, 0)],
    ['a tag that is cut off', nonce, additionalData, box.subarray(0, -1)],
    ['less than a tag', nonce, additionalData, box.subarray(0, 15)],
    ['other additional data', nonce, additionalData.with(0, 0), box],
    ['another nonce', nonce.with(0, 0), additionalData, box],
  ])('refuses %s', (_what, usedNonce, usedData, usedBox) => {
    expect(nodeCookieCrypto.decryptAes256Gcm(key, usedNonce, usedData, usedBox)).toBeUndefined();
  });
});

describe('comparing and drawing', () => {
  it('tells equal from unequal, and takes unequal lengths', () => {
    expect(nodeCookieCrypto.equal(bytes('0102'), bytes('0102'))).toBe(true);
    expect(nodeCookieCrypto.equal(bytes('0102'), bytes('0103'))).toBe(false);
    expect(nodeCookieCrypto.equal(bytes('0102'), bytes('010200'))).toBe(false);
  });

  it('draws as many bytes as wanted, others each time', () => {
    const drawn = [1, 2, 3, 4].map(() => nodeCookieCrypto.randomBytes(16));
    expect(drawn.map(({ length }) => length)).toEqual([16, 16, 16, 16]);
    expect(new Set(drawn.map(String)).size).toBe(4);
  });

  it('gives plain byte arrays, whose slice copies', () => {
    const digest = nodeCookieCrypto.hmacSha256(bytes('00'), bytes('00'));
    expect(Object.getPrototypeOf(digest)).toBe(Uint8Array.prototype);
  });
});
