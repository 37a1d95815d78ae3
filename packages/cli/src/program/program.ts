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
import { worldCommand } from '../commands/world.ts';
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
  worldCommand,
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

const settingsText = [
  'Every option may also stand in the environment or in a configuration file (--config): --max-sessions 4',
  'is RSERPOOL_MAX_SESSIONS=4 or max-sessions: 4. Several values of one option: RSERPOOL_REGISTRAR=10.1.1.1,10.1.1.2,',
  'or with spaces between, as those with a scheme must have: RSERPOOL_REGISTRAR="tcp://10.1.1.1 tcp://10.1.1.2".',
  'The command line wins over the environment, and that over the file.',
];

function exitCodeText(): string {
  const rows = exitCodeMeanings.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`);
  return ['', ...settingsText, '', 'Exit codes:', ...rows].join('\n');
}
