import { commandTree } from '../completion/command-tree.ts';
import { completionScript, shells } from '../completion/completion-script.ts';
import { ExitCode } from '../exit-code.ts';
import { defineCommand } from '../program/define-command.ts';

/** `rserpool completion`: prints a completion script. */
export const completionCommand = defineCommand({
  name: 'completion',
  summary: 'print a completion script for a shell',
  arguments: [{ name: '<shell>', description: 'the shell', choices: shells }],
  settings: {},
  logLevel: 'warn',
  examples: [
    ['completion bash > /etc/bash_completion.d/rserpool', 'completes commands and options in every new bash'],
    ['completion fish > ~/.config/fish/completions/rserpool.fish', 'the same for fish'],
  ],
  run({ output, program }, _settings, [shell]) {
    const known = shells.find((candidate) => candidate === shell) ?? 'bash';
    output.line(completionScript(known, commandTree(program)).trimEnd());
    return Promise.resolve(ExitCode.ok);
  },
});
