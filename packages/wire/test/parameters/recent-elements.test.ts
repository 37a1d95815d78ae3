import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeAsap, poolHandle } from '../../src/index.ts';
import type { PoolElementParameter, Profile } from '../../src/index.ts';
import { poolElement } from '../arbitraries/parameters.ts';

function response(elements: readonly PoolElementParameter[], profile: Profile): Uint8Array {
  const policy = { name: 'round-robin' } as const;
  const handle = poolHandle('odd'); // so that an element's place needs padding before it
  return encodeAsap(
    {
      type: 'handle-resolution-response',
      subscribed: false,
      poolHandle: handle,
      policy,
      elements,
      causes: [],
    },
    profile,
  );
}

/** The same content in objects that were never written. */
function unknown(elements: readonly PoolElementParameter[]): PoolElementParameter[] {
  return elements.map((element) => ({ ...element }));
}

test('an element is written alike the first time and again, in any order, company and profile', () => {
  const profile = fc.constantFrom<Profile>('rfc', 'rsplib');
  const messages = fc.array(
    fc.record({ profile, chosen: fc.array(fc.nat(5), { minLength: 1, maxLength: 8 }) }),
    {
      maxLength: 20,
    },
  );
  const elements = fc.array(poolElement('rfc'), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(elements, fc.boolean(), messages, (pool, sameIds, sequence) => {
      // With one identifier all lie in one place of the memory, and drive each other out.
      const known = pool.map((element) => (sameIds ? { ...element, elementId: 7 } : element));
      for (const { profile, chosen } of sequence) {
        const picked = chosen.flatMap((index) => known.slice(index, index + 1));
        expect(response(picked, profile)).toEqual(response(unknown(picked), profile));
      }
    }),
  );
});
