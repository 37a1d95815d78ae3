import { readFileSync } from 'node:fs';
import { CommandError, ExitCode } from '../exit-code.ts';

/**
 * The content of a file that an option names.
 * @throws CommandError usage
 */
export function readOptionFile(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw wrongOption(option, `expected a readable file, got '${path}': ${reason}`, cause);
  }
}

/** For several options that do not fit together, or one whose file is wrong. */
export function wrongOption(option: string, text: string, cause?: unknown): CommandError {
  return new CommandError(ExitCode.usage, `${option}: ${text}`, { cause });
}
