import { ConversationSyntaxError, suggestion } from './syntax-error.ts';

interface Word {
  readonly text: string;
  readonly column: number;
}

/** The words of one line, read from left to right. Commas and colons at the end of a word are words of their own. */
export class Words {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
  readonly #words: readonly Word[];
  #position = 0;

  constructor(file: string, line: number, text: string) {
    this.file = file;
    this.line = line;
    this.text = text;
    this.#words = split(text);
  }

  /** The next word, if any. */
  get peek(): string | undefined {
    return this.#words[this.#position]?.text;
  }

  get atEnd(): boolean {
    return this.#position >= this.#words.length;
  }

  /** The rest of the line as it is. */
  rest(): string {
    const start = this.#words[this.#position];
    this.#position = this.#words.length;
    return start === undefined ? '' : this.text.slice(start.column - 1).trimEnd();
  }

  /** Takes the next word when it is this one. */
  take(word: string): boolean {
    if (this.peek !== word) return false;
    this.#position++;
    return true;
  }

  /** Takes the next word. */
  next(expected: string): string {
    const { peek } = this;
    if (peek === undefined || peek === ',' || peek === ':') this.fail(expected);
    this.#position++;
    return peek;
  }

  /** Takes one of some words. */
  choice<const Choice extends string>(expected: string, choices: Iterable<Choice>): Choice {
    const { peek } = this;
    const all = [...choices];
    const chosen = all.find((choice) => choice === peek);
    if (chosen === undefined) this.fail(expected, all);
    this.#position++;
    return chosen;
  }

  expect(word: string): void {
    if (!this.take(word)) this.fail(`'${word}'`);
  }

  /** The line must end here. */
  end(): void {
    if (!this.atEnd) this.fail('the end of the line');
  }

  /** Complains about the next word. */
  fail(expected: string, choices: readonly string[] = []): never {
    const { peek } = this;
    const got = peek === undefined ? 'the end of the line' : `'${peek}'`;
    const meant = peek === undefined ? undefined : suggestion(peek, choices);
    const hint =
      meant !== undefined
        ? `; did you mean '${meant}'?`
        : choices.length > 0
          ? ` (known: ${choices.join(', ')})`
          : '';
    this.#complain(this.#position, `expected ${expected}, got ${got}${hint}`);
  }

  /** Complains about the word that was taken last. */
  failLast(what: string): never {
    this.#complain(Math.max(0, this.#position - 1), what);
  }

  #complain(position: number, what: string): never {
    const column = this.#words[position]?.column ?? this.text.trimEnd().length + 1;
    throw new ConversationSyntaxError({ file: this.file, line: this.line, column }, what);
  }
}

function split(text: string): Word[] {
  const withoutComment = text.replace(/(^|\s)#.*$/, '');
  const words: Word[] = [];
  for (const match of withoutComment.matchAll(/\S+/g)) {
    const [body = '', word = '', marks = ''] = /^(.*?)([,:]*)$/.exec(match[0]) ?? [];
    const column = match.index + 1;
    if (word !== '') words.push({ text: word, column });
    for (const [index, mark] of Array.from(marks).entries()) {
      words.push({ text: mark, column: column + body.length - marks.length + index });
    }
  }
  return words;
}
