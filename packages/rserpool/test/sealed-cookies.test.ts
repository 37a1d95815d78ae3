import { createHmac } from 'node:crypto';
import { maxCookieBytes, plainCookies, SealedCookies } from '@rserpool/core';
import type { CookieOrder, SealedCookiesOptions } from '@rserpool/core';
import { poolHandle, poolHandleFromBytes } from '@rserpool/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeCookieCrypto } from '../src/node-cookie-crypto.ts';

const pool = poolHandle('PingPongPool');
const poolKey = new Uint8Array(32).fill(0x5a);
const order: CookieOrder = { sessionId: 0x0123_4567_89ab_cdefn, sequence: 7 };
const issuedAtMs = 0x018b_cfe5_6800; // 2023-11-14
const state = new TextEncoder().encode('<PP-TD1>1234');

function sealOf(options: Partial<SealedCookiesOptions> = {}): SealedCookies {
  return new SealedCookies({
    crypto: nodeCookieCrypto,
    keys: new Map([[1, poolKey]]),
    sealingKeyId: 1,
    wallClockMs: () => issuedAtMs,
    ...options,
  });
}

const seals = fc.constantFrom(sealOf(), sealOf({ encrypt: true }));
const states = fc.uint8Array({ maxLength: 300 });
const handles = fc.uint8Array({ minLength: 1, maxLength: 64 }).map(poolHandleFromBytes);
const orders: fc.Arbitrary<CookieOrder> = fc.record({
  sessionId: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
});

describe('the format', () => {
  it('is, signed, what the diagram says', () => {
    const header =
      '\xc5\x01\x01\x01' +
      '\x01\x23\x45\x67\x89\xab\xcd\xef' +
      '\0\0\0\0\0\0\0\x07' +
      '\0\0\x01\x8b\xcf\xe5\x68\0';
    const content = Buffer.from(`${header}<PP-TD1>1234`, 'latin1');
    const signingKey = createHmac('sha256', poolKey).update('rserpool state cookie signature').digest();
    const tag = createHmac('sha256', signingKey).update('\0\x0cPingPongPool').update(content).digest();
    expect(Buffer.from(sealOf().seal(state, pool, order))).toEqual(Buffer.concat([content, tag]));
  });

  it('costs 60 bytes signed and 72 bytes encrypted', () => {
    expect(sealOf().seal(state, pool, order)).toHaveLength(state.length + 60);
    expect(sealOf({ encrypt: true }).seal(state, pool, order)).toHaveLength(state.length + 72);
  });

  it('hides the state when encrypted, and never seals alike', () => {
    const seal = sealOf({ encrypt: true });
    const cookies = [seal.seal(state, pool, order), seal.seal(state, pool, order)].map((cookie) =>
      Buffer.from(cookie),
    );
    expect(cookies[0]?.includes('<PP-TD1>')).toBe(false);
    expect(cookies[0]?.subarray(28)).not.toEqual(cookies[1]?.subarray(28));
  });
});

// RFC 5352 section 3.8: a cookie should be signed and verified.
describe('sealed cookies', () => {
  it('open to what was sealed', () => {
    fc.assert(
      fc.property(seals, states, handles, orders, (seal, sealed, handle, sealedOrder) => {
        const opened = seal.open(seal.seal(sealed, handle, sealedOrder), handle);
        expect(opened).toEqual({ ok: true, state: sealed, origin: { ...sealedOrder, issuedAtMs } });
      }),
    );
  });

  it('carry the largest state that fits', () => {
    for (const [seal, overheadBytes] of [
      [sealOf(), 60],
      [sealOf({ encrypt: true }), 72],
    ] as const) {
      const largest = nodeCookieCrypto.randomBytes(maxCookieBytes - overheadBytes);
      const cookie = seal.seal(largest, pool, order);
      expect(cookie).toHaveLength(maxCookieBytes);
      const opened = seal.open(cookie, pool);
      expect(opened.ok && nodeCookieCrypto.equal(opened.state, largest)).toBe(true);
    }
  });

  it('are refused with any bit flipped', () => {
    for (const seal of [sealOf(), sealOf({ encrypt: true })]) {
      const cookie = seal.seal(state, pool, order);
      for (let bit = 0; bit < cookie.length * 8; bit++) {
        const forged = cookie.slice();
        forged[bit >> 3] = (forged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(seal.open(forged, pool).ok, `bit ${bit} flipped`).toBe(false);
      }
    }
  });

  it('are refused when cut off or lengthened anywhere', () => {
    for (const seal of [sealOf(), sealOf({ encrypt: true })]) {
      const cookie = seal.seal(state, pool, order);
      for (let length = 0; length < cookie.length; length++) {
        expect(seal.open(cookie.slice(0, length), pool).ok, `first ${length} bytes`).toBe(false);
        expect(seal.open(cookie.slice(-length), pool).ok && length > 0, `last ${length} bytes`).toBe(false);
      }
      expect(seal.open(Uint8Array.of(...cookie, 0), pool).ok).toBe(false);
    }
  });

  it('are refused by another pool, also one whose handle runs into the cookie', () => {
    fc.assert(
      fc.property(seals, states, handles, handles, (seal, sealed, handle, otherHandle) => {
        fc.pre(handle !== otherHandle);
        expect(seal.open(seal.seal(sealed, handle, order), otherHandle)).toEqual({
          ok: false,
          reason: 'forged',
        });
      }),
    );
  });

  it('make nothing of arbitrary bytes, and never throw', () => {
    const cookies = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(fc.constantFrom(1, 2, 3), fc.uint8Array({ maxLength: 200 }))
        .map(([form, rest]) => Uint8Array.of(0xc5, 1, form, 1, ...rest)),
    );
    fc.assert(
      fc.property(cookies, (cookie) => !sealOf().open(cookie, pool).ok),
      { numRuns: 2000 },
    );
  });

  it('say why they are refused', () => {
    const seal = sealOf();
    const cookie = seal.seal(state, pool, order);
    expect(seal.open(cookie.with(0, 0), pool)).toEqual({ ok: false, reason: 'malformed' });
    expect(seal.open(cookie.with(1, 2), pool)).toEqual({ ok: false, reason: 'unknown-version' });
    expect(seal.open(cookie.with(2, 3), pool)).toEqual({ ok: false, reason: 'malformed' });
    expect(seal.open(cookie.with(3, 2), pool)).toEqual({ ok: false, reason: 'unknown-key' });
    expect(seal.open(cookie.with(30, 2), pool)).toEqual({ ok: false, reason: 'forged' });
    expect(seal.open(state, pool)).toEqual({ ok: false, reason: 'malformed' });
  });

  it('opens both forms whichever it seals', () => {
    const [signing, encrypting] = [sealOf(), sealOf({ encrypt: true })];
    expect(signing.open(encrypting.seal(state, pool, order), pool).ok).toBe(true);
    expect(encrypting.open(signing.seal(state, pool, order), pool).ok).toBe(true);
  });
});

describe('keys', () => {
  const newKey = new Uint8Array(48).fill(0xa5);

  it('rotate: the old key opens until it is dropped', () => {
    const before = sealOf();
    const during = sealOf({
      keys: new Map([
        [1, poolKey],
        [2, newKey],
      ]),
      sealingKeyId: 2,
    });
    const after = sealOf({ keys: new Map([[2, newKey]]), sealingKeyId: 2 });
    const oldCookie = before.seal(state, pool, order);
    const newCookie = during.seal(state, pool, order);
    expect(during.open(oldCookie, pool).ok).toBe(true);
    expect(after.open(newCookie, pool).ok).toBe(true);
    expect(after.open(oldCookie, pool)).toEqual({ ok: false, reason: 'unknown-key' });
  });

  it('of another pool user do not open', () => {
    const stranger = sealOf({ keys: new Map([[1, newKey]]) });
    expect(stranger.open(sealOf().seal(state, pool, order), pool)).toEqual({ ok: false, reason: 'forged' });
  });

  it.each([
    ['short', { keys: new Map([[1, poolKey.subarray(1)]]) }, /key 1 must have at least 32 bytes, got 31/],
    ['not there', { sealingKeyId: 9 }, /no key with the sealing key id 9/],
    ['numbered too high', { keys: new Map([[256, poolKey]]) }, /from 0 to 255, got 256/],
  ])('are not taken when %s', (_what, options, message) => {
    expect(() => sealOf(options)).toThrow(message);
  });
});

describe('age', () => {
  it('is limited when wanted, by the wall clock', () => {
    let nowMs = issuedAtMs;
    const seal = sealOf({ wallClockMs: () => nowMs, maxAgeMs: 60_000 });
    const cookie = seal.seal(state, pool, order);
    nowMs += 60_000;
    expect(seal.open(cookie, pool).ok).toBe(true);
    nowMs += 1;
    expect(seal.open(cookie, pool)).toEqual({ ok: false, reason: 'expired' });
  });

  it('does not matter otherwise, nor does a clock that is behind', () => {
    const cookie = sealOf().seal(state, pool, order);
    expect(sealOf({ wallClockMs: () => issuedAtMs + 1e12 }).open(cookie, pool).ok).toBe(true);
    expect(sealOf({ wallClockMs: () => issuedAtMs - 5_000, maxAgeMs: 1 }).open(cookie, pool).ok).toBe(true);
  });
});

describe('plain cookies', () => {
  it('are the state as it is, as services of RSPLIB send it', () => {
    const pingPongCookie = Uint8Array.from(Buffer.from('3c50502d5444313e0000000000000007', 'hex')); // rsplib.md section 7, CookieEcho
    expect(plainCookies.seal(pingPongCookie, pool, order)).toEqual(pingPongCookie);
    expect(plainCookies.open(pingPongCookie, pool)).toEqual({
      ok: true,
      state: pingPongCookie,
      origin: undefined,
    });
  });
});
