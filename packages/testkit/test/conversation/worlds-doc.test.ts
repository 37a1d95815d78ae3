import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { verbNames } from '../../src/conversation/actions.ts';
import { headWords } from '../../src/conversation/parse-conversation.ts';
import { stepWords } from '../../src/conversation/read-step.ts';
import { registrarVerbs } from '../../src/conversation/registrar-conditions.ts';
import { userVerbs } from '../../src/conversation/user-conditions.ts';
import { parseConversation, runConversation } from '../../src/index.ts';

const page = readFileSync(fileURLToPath(new URL('../../../../docs/worlds.md', import.meta.url)), 'utf8');
const worlds = Array.from(page.matchAll(/```world\n([^`]*)```/g), ([, text = '']) => text);

test.each(worlds)('world %# of docs/worlds.md holds', (text) => {
  expect(runConversation(parseConversation(text, 'worlds.md')).failures).toEqual([]);
});

test('docs/worlds.md names every word of the language', () => {
  const words = [...headWords, ...stepWords, ...verbNames, ...registrarVerbs, ...userVerbs];
  const code = Array.from(page.matchAll(/`([^`\n]+)`/g), ([, text = '']) => text).join(' ');
  expect(words.filter((word) => !new RegExp(`(^|[^\\w-])${word}([^\\w-]|$)`).test(code))).toEqual([]);
});
