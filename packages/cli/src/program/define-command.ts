import { Argument, Command } from 'commander';
import { ErrorCode, type Log, RSerPoolError } from 'rserpool';
import type { ExitCode } from '../exit-code.ts';
import { Interruption } from '../interruption.ts';
import { logLevels, stderrLog } from '../log.ts';
import { type Output, streamOutput } from '../output/output.ts';
import { addSettings, givenSettings, settingValues } from '../settings/read-settings.ts';
import { choice, type SettingTable, type SettingValues, withDefault } from '../settings/setting.ts';

/** What a command is given to work with. */
export interface CommandContext {
  readonly output: Output;
  readonly log: Log;
  readonly interruption: Interruption;
  /** The whole program, for what describes it. */
  readonly program: Command;
}

interface CommandArgument {
  /** As in `--help`: `<file>`, or `[file]` where it may be left out. */
  readonly name: string;
  readonly description: string;
  readonly choices?: readonly string[];
}

/** A command of `rserpool`: one file each in `commands/`. */
export interface CommandSpec<Table extends SettingTable> {
  readonly name: string;
  readonly summary: string;
  readonly arguments: readonly CommandArgument[];
  readonly settings: Table;
  /** How much it logs where `--log-level` does not say. */
  readonly logLevel: (typeof logLevels)[number];
  /** For `--help`: what is typed after `rserpool`, and what it does. */
  readonly examples: readonly (readonly [line: string, meaning: string])[];
  /** More for `--help`, one line each: formats, files, metrics. */
  readonly notes?: readonly string[];
  run(
    context: CommandContext,
    settings: SettingValues<Table>,
    operands: readonly string[],
  ): Promise<ExitCode>;
}

/** Makes a commander command, which hands the exit code of its run to `finish`. */
export type CommandMaker = (finish: (code: ExitCode) => void) => Command;

export function defineCommand<const Table extends SettingTable>(spec: CommandSpec<Table>): CommandMaker {
  const common = {
    logLevel: withDefault(choice('<level>', 'how much to log on standard error', logLevels), spec.logLevel),
  };
  return (finish) => {
    const command = new Command(spec.name).description(spec.summary).exitOverride();
    for (const argument of spec.arguments) {
      const made = new Argument(argument.name, argument.description);
      command.addArgument(argument.choices === undefined ? made : made.choices(argument.choices));
    }
    const everything = { ...spec.settings, ...common };
    addSettings(command, everything);
    command.addHelpText('after', helpText(spec));
    return command.action(async () => {
      const given = await givenSettings(command, everything);
      const interruption = new Interruption();
      const context = {
        output: streamOutput(process.stdout),
        log: stderrLog(settingValues(given, common).logLevel),
        interruption,
        program: command.parent ?? command,
      };
      const operands = command.processedArgs.filter((operand) => typeof operand === 'string');
      try {
        finish(await spec.run(context, settingValues(given, spec.settings), operands));
      } catch (error) {
        if (interruption.exitCode === undefined || !isAbort(error)) throw error;
        finish(interruption.exitCode);
      } finally {
        interruption.release();
      }
    });
  };
}

/** What ends when its AbortSignal fires. */
function isAbort(error: unknown): boolean {
  if (error instanceof RSerPoolError) return error.code === ErrorCode.aborted;
  return error instanceof Error && error.name === 'AbortError';
}

function helpText(spec: Pick<CommandSpec<SettingTable>, 'examples' | 'notes'>): string {
  const examples = spec.examples.map(([line, meaning]) => `  $ rserpool ${line}\n      ${meaning}`);
  const notes = spec.notes === undefined ? [] : ['', ...spec.notes];
  return ['', 'Examples:', ...examples, ...notes].join('\n');
}
