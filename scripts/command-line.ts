import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<O extends Options> = ReturnType<typeof parseArgs<{ readonly options: O }>>['values'];

/**
 * The options of a script. With `--help` or `-h` it prints the text and ends the process; with one that does not exist it says so
 * and ends it with exit code 2.
 */
export function readOptions<const O extends Options>(help: string, options: O): Values<O> {
  if (process.argv.includes('--help') || process.argv.includes('-h')) {
    process.stdout.write(help);
    process.exit(0);
  }
  try {
    return parseArgs({ options }).values;
  } catch (cause) {
    return refuse(cause instanceof Error ? cause.message : String(cause));
  }
}

/** An option that must be a number of at least `least`. Ends the process with exit code 2 when it is none. */
export function numberFrom(least: number, name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value < Infinity) return value;
  return refuse(`--${name}: expected a number from ${least}, got '${text}'`);
}

/** As {@link numberFrom}, without a fraction. */
export function integerFrom(least: number, name: string, text: string): number {
  const value = numberFrom(least, name, text);
  return Number.isSafeInteger(value) ? value : refuse(`--${name}: expected a whole number, got '${text}'`);
}

/** Ends the process. */
export function refuse(problem: string): never {
  process.stderr.write(`${problem}\nTry --help.\n`);
  process.exit(2);
}
