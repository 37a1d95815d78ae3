import { readFile } from 'node:fs/promises';
import { text as readText } from 'node:stream/consumers';
import {
  type Conversation,
  ConversationFileError,
  type ConversationResult,
  ConversationRunError,
  parseConversation,
  runConversation,
} from '@rserpool/testkit';
import { CommandError, ExitCode } from '../exit-code.ts';
import type { Output } from '../output/output.ts';
import { defineCommand } from '../program/define-command.ts';
import { choice, flag, integer } from '../settings/setting.ts';

/** `rserpool world`: runs a conversation file in virtual time. */
export const worldCommand = defineCommand({
  name: 'world',
  summary: 'run registrars, elements, users and faults of a file in virtual time, and check what must hold',
  arguments: [{ name: '<file>', description: 'conversation file (docs/worlds.md); - for standard input' }],
  settings: {
    seed: integer('<n>', 'of all that is random, instead of the one in the file', { min: 0 }),
    trace: flag('print the conversation, one line for each message and event'),
    fidelity: choice('<fidelity>', 'how ASAP and ENRP messages travel, instead of what the file says', [
      'typed',
      'rfc',
      'rsplib',
    ]),
    json: flag('print one JSON object'),
  },
  logLevel: 'warn',
  examples: [
    ['world takeover.world', 'says whether all that the file says holds'],
    ['world takeover.world --trace', 'the conversation as well'],
    ['world takeover.world --seed 7 --fidelity rsplib', "another run, in RSPLIB's bytes"],
    ["world takeover.world --json | jq '.failures[].line'", 'lines of the file that do not hold'],
  ],
  notes: [
    'Fidelity: typed messages (fast), or every message through the wire codec, in the profile rfc or rsplib.',
    'The same file, seed and fidelity give the same run on every machine.',
    'Exit code 0 when all holds, 1 when something does not, 2 when the file is wrong.',
  ],
  async run({ output }, { seed, trace, fidelity, json }, [file = '-']) {
    const conversation = parse(await readConversation(file), file);
    const result = run(conversation, {
      ...(seed === undefined ? {} : { seed }),
      ...(fidelity === undefined ? {} : { fidelity }),
    });
    const held = result.failures.length === 0;
    if (json) {
      const { trace: lines, ...rest } = result;
      output.json({ file, title: conversation.title, held, ...rest, ...(trace ? { trace: lines } : {}) });
    } else {
      if (trace) for (const line of result.trace) output.line(line);
      printResult(output, conversation, result);
    }
    return held ? ExitCode.ok : ExitCode.failure;
  },
});

async function readConversation(file: string): Promise<string> {
  try {
    return file === '-' ? await readText(process.stdin) : await readFile(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(ExitCode.usage, `cannot read ${file}: ${reason}`, { cause });
  }
}

function parse(text: string, file: string): Conversation {
  try {
    return parseConversation(text, file);
  } catch (cause) {
    if (!(cause instanceof ConversationFileError)) throw cause;
    throw new CommandError(ExitCode.usage, cause.message, { cause });
  }
}

function run(conversation: Conversation, options: Parameters<typeof runConversation>[1]): ConversationResult {
  try {
    return runConversation(conversation, options);
  } catch (cause) {
    if (!(cause instanceof ConversationRunError)) throw cause;
    throw new CommandError(ExitCode.usage, cause.message, { cause });
  }
}

function printResult(output: Output, { file, title }: Conversation, result: ConversationResult): void {
  const { failures, conditions, seed, fidelity, durationMs, eventsRun } = result;
  for (const { line, text, found, timeMs } of failures) {
    output.line(`${file}:${line}: does not hold: ${text}`);
    output.line(`    at ${timeMs / 1_000} s: ${found}`);
  }
  const verdict =
    failures.length === 0
      ? `all ${conditions} conditions hold`
      : `${failures.length} of ${conditions} conditions do not hold`;
  output.line(
    `${title}: ${verdict} (seed ${seed}, ${fidelity}, ${durationMs / 1_000} s of virtual time, ${eventsRun} events)`,
  );
}
