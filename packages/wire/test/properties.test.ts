import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeAsap, decodeEnrp, encodeAsap, encodeEnrp } from '../src/index.ts';
import type { AsapMessage, EnrpMessage, Profile } from '../src/index.ts';
import { asapMessage, asapMessages } from './arbitraries/asap-message.ts';
import { enrpMessage, enrpMessages } from './arbitraries/enrp-message.ts';
import { hexText } from './hex.ts';

const profiles: readonly Profile[] = ['rfc', 'rsplib'];
const numRuns = 300;

describe.each(profiles)('decode(encode(message)) is the message, profile %s', (profile) => {
  test.each(Object.entries<fc.Arbitrary<AsapMessage>>(asapMessages(profile)))('ASAP %s', (_, messages) => {
    fc.assert(
      fc.property(messages, (message) => {
        const bytes = encodeAsap(message, profile);
        const result = decodeAsap(bytes, { profile });
        expect(result).toMatchObject({ ok: true, report: [] });
        if (!result.ok) return;
        expect(result.message).toEqual(message);
        expect([undefined, profile]).toContain(result.profile);
        expect(hexText(encodeAsap(result.message, profile))).toBe(hexText(bytes));
      }),
      { numRuns },
    );
  });

  test.each(Object.entries<fc.Arbitrary<EnrpMessage>>(enrpMessages(profile)))('ENRP %s', (_, messages) => {
    fc.assert(
      fc.property(messages, (message) => {
        const bytes = encodeEnrp(message, profile);
        const result = decodeEnrp(bytes, { profile });
        expect(result).toMatchObject({ ok: true, report: [] });
        if (!result.ok) return;
        expect(result.message).toEqual(message);
        expect([undefined, profile]).toContain(result.profile);
        expect(hexText(encodeEnrp(result.message, profile))).toBe(hexText(bytes));
      }),
      { numRuns },
    );
  });
});

describe.each(profiles)('what is cut off is missed, profile %s', (profile) => {
  const unpaddedBytes = (bytes: Uint8Array): number => ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
  const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  test('ASAP', () => {
    fc.assert(
      fc.property(asapMessage(profile), share, (message, kept) => {
        const bytes = encodeAsap(message, profile);
        expect(decodeAsap(bytes.subarray(0, kept * unpaddedBytes(bytes))).ok).toBe(false);
      }),
      { numRuns },
    );
  });

  test('ENRP', () => {
    fc.assert(
      fc.property(enrpMessage(profile), share, (message, kept) => {
        const bytes = encodeEnrp(message, profile);
        expect(decodeEnrp(bytes.subarray(0, kept * unpaddedBytes(bytes))).ok).toBe(false);
      }),
      { numRuns },
    );
  });
});
