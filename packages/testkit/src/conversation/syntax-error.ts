/** Something in a conversation file that cannot be understood. The message says where, what was expected and what is there. */
export class ConversationSyntaxError extends Error {
  override readonly name = 'ConversationSyntaxError';
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;

  constructor(
    place: { readonly file: string; readonly line: number; readonly column: number },
    what: string,
  ) {
    super(`${place.file}:${place.line}:${place.column}: ${what}`);
    this.file = place.file;
    this.line = place.line;
    this.column = place.column;
  }
}

/** Every wrong line of a conversation file. */
export class ConversationFileError extends Error {
  override readonly name = 'ConversationFileError';
  readonly errors: readonly ConversationSyntaxError[];

  constructor(errors: readonly ConversationSyntaxError[]) {
    super(errors.map(({ message }) => message).join('\n'));
    this.errors = errors;
  }
}

/** The choice that a misspelt word was probably meant to be. */
export function suggestion(word: string, choices: Iterable<string>): string | undefined {
  if (word.length < 2) return undefined;
  const beginning = [...choices].filter((choice) => choice.startsWith(word));
  if (beginning.length === 1) return beginning[0];
  const most = Math.ceil(word.length / 3);
  let best: string | undefined;
  let bestDistance = most + 1;
  for (const choice of choices) {
    const distance = editDistance(word.toLowerCase(), choice.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [choice, distance];
  }
  return best;
}

/** Levenshtein's. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const next = [i];
    for (let j = 1; j <= right.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
