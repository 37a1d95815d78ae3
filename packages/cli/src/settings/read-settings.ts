import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { CommandError, ExitCode } from '../exit-code.ts';
import { type Setting, type SettingTable, type SettingValues, unknownEntryText } from './setting.ts';

/** Adds `--config` and one option for each setting. */
export function addSettings(command: Command, table: SettingTable): void {
  for (const [name, setting] of Object.entries(table)) command.addOption(optionOf(name, setting));
  command.addOption(
    new Option(
      '--config <file>',
      'YAML or JSON file with any of these options; the command line and the environment win',
    ),
  );
}

/** What the user gave, before it is read by a table. */
export interface GivenSettings {
  readonly options: Readonly<Record<string, unknown>>;
  readonly environment: NodeJS.ProcessEnv;
  readonly file: Readonly<Record<string, unknown>>;
}

/**
 * What was given on the command line, in the environment and in the file of `--config`, which may hold settings of `table` and no
 * others.
 * @throws CommandError usage: where, what was expected, what was given, what to do
 */
export async function givenSettings(
  command: Command,
  table: SettingTable,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<GivenSettings> {
  const options: Record<string, unknown> = command.opts();
  const path = options['config'] ?? environment[variableName('config')];
  const hasFile = typeof path === 'string' && path !== '';
  return { options, environment, file: hasFile ? await readConfigFile(path, table) : {} };
}

/**
 * The values of a table's settings: from the command line, else from the environment, else from the file, else the defaults.
 * @throws CommandError usage, as {@link givenSettings}
 */
export function settingValues<Table extends SettingTable>(
  given: GivenSettings,
  table: Table,
): SettingValues<Table> {
  const values = Object.entries(table).map(([name, setting]) => {
    const texts = given.options[name];
    if (texts !== undefined) {
      const checked = z.array(z.string()).safeParse(texts).data ?? [];
      return [name, fromTexts(`--${writtenName(name)}`, setting, checked)];
    }
    const variable = given.environment[variableName(name)];
    if (variable !== undefined && variable !== '') {
      const split = setting.repeatable === true ? severalTexts(variable) : [variable];
      return [name, fromTexts(variableName(name), setting, split)];
    }
    return [name, Object.hasOwn(given.file, name) ? given.file[name] : setting.initial];
  });
  return Object.fromEntries(values) as SettingValues<Table>; // each value went through the schema of its own setting
}

/** With commas or spaces between; only spaces where there are addresses with a scheme, which may have commas within. */
function severalTexts(variable: string): readonly string[] {
  return variable.trim().split(variable.includes('://') ? /\s+/ : /[\s,]+/);
}

/** `maxSessions` is written `max-sessions`. */
function writtenName(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `maxSessions` is `RSERPOOL_MAX_SESSIONS` in the environment. */
function variableName(name: string): string {
  return `RSERPOOL_${writtenName(name).replaceAll('-', '_').toUpperCase()}`;
}

function optionOf(name: string, setting: Setting<unknown>): Option {
  const flags = `--${writtenName(name)}${setting.argument === undefined ? '' : ` ${setting.argument}`}`;
  const initial =
    typeof setting.initial === 'string' || typeof setting.initial === 'number' ? setting.initial : undefined;
  const option = new Option(
    flags,
    setting.description + (initial === undefined ? '' : ` (default: ${initial})`),
  );
  if (setting.choices !== undefined) option.choices(setting.choices);
  // What was given is kept as it is: one place checks it, so that command line and file give the same messages.
  if (setting.argument !== undefined) {
    option.argParser<string[]>((value, before: string[] | undefined) => [...(before ?? []), value]);
  }
  return option;
}

/** @param source the option or variable, for messages */
function fromTexts(source: string, setting: Setting<unknown>, given: readonly string[]): unknown {
  const value = setting.fromText(given);
  const result = setting.schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const path = [source, ...issue.path.map(String)].join(' ');
    return `${path}: ${problemText(issue, valueAt(value, issue.path))}`;
  });
  throw new CommandError(ExitCode.usage, problems.join('\n'));
}

async function readConfigFile(path: string, table: SettingTable): Promise<Readonly<Record<string, unknown>>> {
  const content = (await parseConfig(path, await readText(path))) ?? {};
  const names = Object.keys(table).map(writtenName);
  const schema = z.strictObject(
    Object.fromEntries(
      Object.entries(table).map(([name, setting]) => [writtenName(name), setting.schema.optional()]),
    ),
    { error: (issue) => unknownEntryText(issue, names) },
  );
  const result = schema.safeParse(content);
  if (!result.success) {
    const problems = result.error.issues.map((issue) => {
      const at = issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `;
      return `${path}: ${at}${problemText(issue, valueAt(content, issue.path))}`;
    });
    problems.push(`${path}: correct it; the option of the same name in --help says what each entry means`);
    throw new CommandError(ExitCode.usage, problems.join('\n'));
  }
  const values = new Map(Object.entries(result.data));
  return Object.fromEntries(
    Object.keys(table)
      .filter((name) => values.has(writtenName(name)))
      .map((name) => [name, values.get(writtenName(name))]),
  );
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(ExitCode.usage, `--config: expected a readable file, got '${path}': ${reason}`, {
      cause,
    });
  }
}

/** JSON is YAML, so that one parser reads both; loaded only when there is a file, since every start would wait for it. */
async function parseConfig(path: string, content: string): Promise<unknown> {
  const { parse } = await import('yaml');
  try {
    return parse(content, { prettyErrors: true });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(ExitCode.usage, `${path}: expected YAML or JSON: ${reason}`, { cause });
  }
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    root,
  );
}

function problemText(issue: z.core.$ZodIssue, got: unknown): string {
  const gotText = got === undefined ? 'got nothing' : `got ${JSON.stringify(got)}`;
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${issue.expected === 'int' ? 'a whole number' : `a value of type ${issue.expected}`}, ${gotText}`;
    case 'too_small':
      return issue.origin === 'string'
        ? `expected a text, ${gotText}`
        : `expected at least ${issue.minimum}, ${gotText}`;
    case 'too_big':
      return `expected at most ${issue.maximum}, ${gotText}`;
    case 'invalid_value':
      return `expected one of ${issue.values.map(String).join(', ')}, ${gotText}`;
    default:
      return issue.message;
  }
}
