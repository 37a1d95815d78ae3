import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keptTrace, parseConversation, runConversation } from '@rserpool/testkit';
import type { Conversation, ConversationResult } from '@rserpool/testkit';
import { readOptions } from './command-line.ts';

const folder = fileURLToPath(new URL('../packages/testkit/conversations/', import.meta.url));
const page = fileURLToPath(new URL('../docs/worlds.md', import.meta.url));
const help = `Runs every conversation in packages/testkit/conversations and keeps its trace beside it; also those in docs/worlds.md, whose
traces stand there.

  npx tsx scripts/conversations.ts           writes the traces
  npx tsx scripts/conversations.ts --check   writes nothing; fails where a trace differs

Examples
  npm run conversations                      with the sources as they are
  npm run conversations -- --check

With "tsx -C @rserpool/source" it runs the sources, else what was built. One conversation: "rserpool world FILE --trace".
Exit code 1: something does not hold, or a trace differs; 2: wrong options.
`;

const { check } = readOptions(help, { check: { type: 'boolean', default: false } });
const files = readdirSync(folder).sort();
const worlds = files.filter((file) => file.endsWith('.world'));
const stray = files.filter((file) => file.endsWith('.trace') && !files.includes(worldOf(file)));
let problems = 0;

for (const world of worlds) {
  const [conversation, result] = run(readFileSync(join(folder, world), 'utf8'), world);
  keep(join(folder, `${basename(world, '.world')}.trace`), keptTrace(conversation, result));
}
keep(page, pageWithTraces());
for (const trace of stray) {
  if (check) complain(`${trace} belongs to no conversation`);
  else rmSync(join(folder, trace));
}
console.log(`${worlds.length} conversations${problems === 0 ? ', all hold' : `, ${problems} problems`}`);
if (problems > 0) process.exitCode = 1;

function run(text: string, name: string): [Conversation, ConversationResult] {
  const conversation = parseConversation(text, name);
  const result = runConversation(conversation);
  for (const { line, text: step, found } of result.failures) {
    complain(`${name}:${line}: does not hold: ${step}: ${found}`);
  }
  return [conversation, result];
}

function keep(path: string, text: string): void {
  const kept = existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  if (!check) writeFileSync(path, text);
  else if (kept !== text) complain(`${basename(path)} differs: look at it, then run "npm run conversations"`);
}

/** Each block of a world, and the block of a trace that may follow it. */
function pageWithTraces(): string {
  let trace: readonly string[] = [];
  return readFileSync(page, 'utf8').replaceAll(
    /```(world|trace)\n([^`]*)```/g,
    (block, kind, text: string) => {
      if (kind === 'trace') return ['```trace', ...trace, '```'].join('\n');
      trace = run(text, basename(page))[1].trace;
      return block;
    },
  );
}

function worldOf(trace: string): string {
  return `${basename(trace, '.trace')}.world`;
}

function complain(problem: string): void {
  problems++;
  console.error(problem);
}
