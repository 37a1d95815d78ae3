import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { keptTrace, parseConversation, runConversation } from '../../src/index.ts';

const folder = fileURLToPath(new URL('../../conversations/', import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.world'))
  .map((file) => file.replace(/\.world$/, ''));

const longestTrace = 120; // lines: what a person reads

describe.each(names)('%s', (name) => {
  const conversation = parseConversation(readFileSync(`${folder}${name}.world`, 'utf8'), `${name}.world`);

  test('holds, and goes as it is kept, byte for byte', () => {
    const result = runConversation(conversation);
    expect(result.failures).toEqual([]);
    expect(result.conditions).toBeGreaterThan(0);
    const trace = keptTrace(conversation, result);
    expect(trace).toBe(readFileSync(`${folder}${name}.trace`, 'utf8'));
    expect(trace.split('\n').length, 'lines').toBeLessThan(longestTrace);
  });

  // Compared is what the file says must hold; times differ where an end of an association notices things earlier or later.
  test.each(['rfc', 'rsplib'] as const)('holds in bytes of the profile %s', (fidelity) => {
    expect(runConversation(conversation, { fidelity }).failures).toEqual([]);
  });
});

test('there are at least 30, each with a title and what it refers to', () => {
  expect(names.length).toBeGreaterThanOrEqual(30);
  for (const name of names) {
    const { title, references } = parseConversation(readFileSync(`${folder}${name}.world`, 'utf8'), name);
    expect(title, name).not.toBe('');
    expect(references, name).not.toEqual([]);
  }
});
