import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mutations } from './all-mutations.ts';
import { readSeeds, renderDocument } from './document.ts';
import { mutate } from './mutation.ts';
import type { Mutation } from './mutation.ts';
import { sctpMutations } from './sctp-mutations.ts';

const example: Mutation = {
  name: 'example',
  broken: 'nothing',
  file: 'some/file.ts',
  from: 'one();',
  to: 'two();',
};

describe('mutations', () => {
  describe.each([
    ['core', mutations],
    ['sctp', sctpMutations],
  ])('of %s', (of, all) => {
    it.each(all)('$name fits its source', (mutation) => {
      const file = new URL(`../../packages/${of}/src/${mutation.file}`, import.meta.url);
      const source = readFileSync(file, 'utf8');
      expect(mutate(source, mutation)).not.toBe(source);
    });

    it('have names of their own', () => {
      expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    });
  });

  it.each([
    ['is gone', 'three();'],
    ['is there twice', 'one(); one();'],
  ])('complain, with the file, when their text %s', (_, source) => {
    expect(() => mutate(source, example)).toThrow('some/file.ts');
  });

  it('are found again in the document, with their seeds', () => {
    const trial = { seed: 17, invariant: 'one-owner', what: '', timeMs: 1_234 };
    const document = renderDocument([{ mutation: example, trial, seedsTried: 3 }], '# Mutations');
    expect(readSeeds(document)).toEqual(new Map([['example', 17]]));
  });
});
