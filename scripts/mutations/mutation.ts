/** A fault that a developer could have made, for which an invariant of the virtual world must have an eye. */
export interface Mutation {
  /** Unique; kebab-case. */
  readonly name: string;
  /** What the developer would have forgotten. */
  readonly broken: string;
  /** Below `src` of the package. */
  readonly file: string;
  /** Text of the source that is replaced; occurs there exactly once. */
  readonly from: string;
  readonly to: string;
}

/** @throws Error, with the file's name, when the text to replace is not there exactly once */
export function mutate(source: string, { name, file, from, to }: Mutation): string {
  const parts = source.split(from);
  if (parts.length !== 2) {
    const found = `expected its text once in ${file}, found it ${parts.length - 1} times`;
    throw new Error(`mutation '${name}': ${found}: ${JSON.stringify(from)}`);
  }
  return parts.join(to);
}
