import { describe, expect, test } from 'vitest';
import { decodeAsap, decodeEnrp, encodeAsap, encodeEnrp } from '../src/index.ts';
import { hex, hexText } from './hex.ts';
import { rfcAsapVectors } from './vectors/rfc-asap.ts';
import { rfcEnrpVectors } from './vectors/rfc-enrp.ts';
import { rsplibDerivedVectors } from './vectors/rsplib-derived.ts';
import { rsplibVectors } from './vectors/rsplib-reference.ts';

// Lengths and padding: RFC 5354 sections 2 and 4.
const sources = {
  'the RSPLIB reference': rsplibVectors,
  'the RFCs, by hand': [...rfcAsapVectors, ...rfcEnrpVectors],
  'the table of deviations, by hand': rsplibDerivedVectors,
};

describe.each(Object.entries(sources))('vectors of %s', (_, vectors) => {
  test.each(vectors.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    const data = hex(vector.bytes);
    const decode = vector.protocol === 'asap' ? decodeAsap : decodeEnrp;
    expect(decode(data, { profile: vector.profile })).toEqual({
      ok: true,
      message: vector.message,
      profile: vector.reveals,
      report: [],
    });
    const encoded =
      vector.protocol === 'asap'
        ? encodeAsap(vector.message, vector.profile)
        : encodeEnrp(vector.message, vector.profile);
    expect(hexText(encoded)).toBe(hexText(data));
  });
});
