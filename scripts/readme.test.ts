import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

test('the first pool of the README is the example that CI runs', () => {
  const shown = /```ts\n([\s\S]*?)```/.exec(read('README.md'))?.[1];
  const [, ...code] = read('examples/01-first-pool/main.ts').split('\n'); // its first line says what it is
  expect(shown).toBe(code.join('\n'));
});
