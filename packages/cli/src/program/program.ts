import { Command } from 'commander';
import { type ExitCode, exitCodeMeanings } from '../exit-code.ts';
import { completionCommand } from '../commands/completion.ts';
import { decodeCommand } from '../commands/decode.ts';
import { demoCommand } from '../commands/demo.ts';
import { dumpCommand } from '../commands/dump.ts';
import { pingCommand } from '../commands/ping.ts';
import { registrarCommand } from '../commands/registrar.ts';
import { serveCommand } from '../commands/serve.ts';
import { statusCommand } from '../commands/status.ts';
import { terminalCommand } from '../commands/terminal.ts';
import type { CommandMaker } from './define-command.ts';

const commands: readonly CommandMaker[] = [
  registrarCommand,
  serveCommand,
  pingCommand,
  terminalCommand,
  dumpCommand,
  statusCommand,
  decodeCommand,
  demoCommand,
  completionCommand,
];

/** The whole command line interface. `finish` hears the exit code of the command that ran. */
export function buildProgram(finish: (code: ExitCode) => void): Command {
  const program = new Command('rserpool')
    .description('Reliable Server Pooling (RFC 5351-5356): registrars, pool elements, pool users and tools')
    .exitOverride()
    .showHelpAfterError('(add --help for usage and examples)')
    .addHelpText('after', exitCodeText());
  for (const make of commands) program.addCommand(make(finish));
  return program;
}

function exitCodeText(): string {
  const rows = exitCodeMeanings.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`);
  return ['', 'Exit codes:', ...rows].join('\n');
}
