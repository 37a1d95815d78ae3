import { CommanderError } from 'commander';
import { ExitCode, exitCodeOf } from './exit-code.ts';
import { buildProgram } from './program/program.ts';

/**
 * Runs the `rserpool` command.
 * @param argv what was typed after `rserpool`
 * @returns the exit code for the process
 */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = ExitCode.ok;
  const program = buildProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has already said what was wrong, or printed the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.usage;
    process.stderr.write(`rserpool: ${errorText(error)}\n`);
    return exitCodeOf(error);
  }
}

function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message.replaceAll('\n', '\nrserpool: ');
}
