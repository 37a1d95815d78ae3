import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';

const children: ChildProcessWithoutNullStreams[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A program of `processes/`, run by Node against the built packages, as a user's would be. */
export class TestProcess {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #errors = '';

  constructor(name: string, options: unknown) {
    const program = fileURLToPath(new URL(`processes/${name}.mjs`, import.meta.url));
    this.#child = spawn(process.execPath, [program, JSON.stringify(options)]);
    this.#child.stderr.on('data', (text) => (this.#errors += String(text)));
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    children.push(this.#child);
  }

  /** The next line that it prints, parsed. */
  async report(): Promise<Readonly<Record<string, unknown>>> {
    const line = await this.#lines.next();
    if (line.done === true) throw new Error(`the process ended without a word: ${this.#errors}`);
    const value: unknown = JSON.parse(line.value);
    if (typeof value !== 'object' || value === null) throw new Error(`expected an object, got ${line.value}`);
    return { ...value };
  }

  tell(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}
