import { z } from 'zod';

/**
 * Something that the user sets: as an option on the command line, an environment variable, or under the same name in the
 * configuration file. The name is the key in its {@link SettingTable}: `maxSessions` is `--max-sessions`,
 * `RSERPOOL_MAX_SESSIONS` and `max-sessions:`.
 */
export interface Setting<Value, Initial = Value> {
  /** The option's argument for `--help`: `<n>`; undefined for a switch. */
  readonly argument: string | undefined;
  readonly description: string;
  /** What the configuration file may hold. It reads the option's text too, after `fromText`. */
  readonly schema: z.ZodType<Value>;
  /** From the texts of the option (several where it may be repeated, none of a switch) to what the schema reads. */
  fromText(texts: readonly string[]): unknown;
  readonly initial: Initial;
  /** For `--help` and completion. */
  readonly choices?: readonly string[];
  /** The option may be given several times; an environment variable holds its texts with commas or spaces between. */
  readonly repeatable?: boolean;
}

/** The settings of a command by name. */
export type SettingTable = Readonly<Record<string, Setting<unknown>>>;

/** The values of a table's settings, checked. */
export type SettingValues<Table extends SettingTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Setting<infer Value, infer Initial>
    ? Value | Initial
    : never;
};

const last = (texts: readonly string[]): string => texts.at(-1) ?? '';

/** A number as text, or the text itself so that the error message can show it. */
const numberFrom = (text: string): unknown =>
  text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);

export function text(argument: string, description: string): Setting<string, undefined> {
  return {
    argument,
    description,
    schema: z.string().min(1),
    fromText: last,
    initial: undefined,
  };
}

/** May be given several times; a text or a list in the configuration file. */
export function texts(argument: string, description: string): Setting<readonly string[]> {
  return {
    argument,
    description: `${description} (may be repeated)`,
    schema: z.preprocess(
      (value) => (typeof value === 'string' ? [value] : value),
      z.array(z.string().min(1)),
    ),
    fromText: (given) => given,
    initial: [],
    repeatable: true,
  };
}

export function integer(
  argument: string,
  description: string,
  range: { readonly min: number; readonly max?: number },
): Setting<number, undefined> {
  return {
    argument,
    description,
    schema: z
      .int()
      .min(range.min)
      .max(range.max ?? Number.MAX_SAFE_INTEGER),
    fromText: (given) => numberFrom(last(given)),
    initial: undefined,
  };
}

/** A duration or another number that need not be whole. */
export function decimal(
  argument: string,
  description: string,
  range: { readonly min: number },
): Setting<number, undefined> {
  return {
    argument,
    description,
    schema: z.number().min(range.min),
    fromText: (given) => numberFrom(last(given)),
    initial: undefined,
  };
}

export function choice<const Choice extends string>(
  argument: string,
  description: string,
  choices: readonly [Choice, ...Choice[]],
): Setting<Choice, undefined> {
  return {
    argument,
    description,
    schema: z.enum(choices),
    fromText: last,
    initial: undefined,
    choices,
  };
}

/** A switch: present or not; `true` or `false` in the configuration file and the environment. */
export function flag(description: string): Setting<boolean> {
  return {
    argument: undefined,
    description,
    schema: z.boolean(),
    fromText: ([given]) => given === undefined || given === 'true' || (given === 'false' ? false : given),
    initial: false,
  };
}

/** A text that `read` turns into a value; `read` throws an Error that says what was expected. */
export function parsed<T>(
  argument: string,
  description: string,
  read: (text: string) => T,
): Setting<T, undefined> {
  return {
    argument,
    description,
    schema: z.preprocess(
      (value) => (typeof value === 'number' ? String(value) : value), // `id: 7` in a file
      z.string().transform((value, context) => {
        try {
          return read(value);
        } catch (error) {
          context.addIssue({
            code: 'custom',
            message: error instanceof Error ? error.message : String(error),
          });
          return z.NEVER;
        }
      }),
    ),
    fromText: last,
    initial: undefined,
  };
}

/** `name=value` with whole numbers, repeatable; a mapping in the configuration file. */
export function numbers<const Name extends string>(
  argument: string,
  description: string,
  names: readonly [Name, ...Name[]],
): Setting<Partial<Record<Name, number>>> {
  return {
    argument,
    description: `${description}: ${names.join(', ')} (may be repeated)`,
    schema: z.partialRecord(z.enum(names), z.number().min(0), {
      error: (issue) => unknownEntryText(issue, names),
    }),
    fromText: (given) =>
      Object.fromEntries(
        given.map((entry) => {
          const [name = '', value = ''] = entry.split('=', 2);
          return [name, numberFrom(value)];
        }),
      ),
    initial: {},
    repeatable: true,
  };
}

/** The names of what `numbers` sets: the keys of its defaults. */
export function namesOf<Name extends string>(
  defaults: Readonly<Record<Name, number>>,
): readonly [Name, ...Name[]] {
  return Object.keys(defaults) as [Name, ...Name[]]; // the keys of an object of ours
}

/** The same setting with a value for when it is not given. */
export function withDefault<Value>(setting: Setting<Value, unknown>, initial: Value): Setting<Value> {
  return { ...setting, initial };
}

/** For zod: what to say of an entry that is not in `known`; undefined leaves other problems to their own messages. */
export function unknownEntryText(issue: z.core.$ZodRawIssue, known: readonly string[]): string | undefined {
  if (issue.code !== 'unrecognized_keys') return undefined;
  return `unknown entry ${issue.keys.join(', ')}: expected one of ${known.join(', ')}`;
}
