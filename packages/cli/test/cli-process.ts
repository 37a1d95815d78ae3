import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const launcher = fileURLToPath(new URL('../bin/rserpool.js', import.meta.url));
const running = new Set<CliProcess>();

export interface CliEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A real `rserpool` process, from dist. Its standard input stays open until `input` or `end`. */
export class CliProcess {
  readonly #child: ChildProcess;
  readonly #exit: Promise<unknown>;
  readonly #lines: string[] = [];
  readonly #errorLines: string[] = [];
  #wake: () => void = () => undefined;

  constructor(args: readonly string[]) {
    this.#child = spawn(process.execPath, [launcher, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    running.add(this);
    this.#exit = once(this.#child, 'close').then(() => {
      running.delete(this);
      this.#wake();
    });
    this.#child.stdin?.on('error', () => undefined); // EPIPE when it has ended before
    this.#read(this.#child.stdout, this.#lines);
    this.#read(this.#child.stderr, this.#errorLines);
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get stdout(): string {
    return this.#lines.join('\n');
  }

  get stderr(): string {
    return this.#errorLines.join('\n');
  }

  input(text: string | Uint8Array): void {
    this.#child.stdin?.write(text);
  }

  endInput(): void {
    this.#child.stdin?.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Closes standard output on our side: the process gets EPIPE. */
  closeOutput(): void {
    this.#child.stdout?.destroy();
  }

  /** The first line, from now or before, that contains the text. */
  async line(text: string, from: 'stdout' | 'stderr' = 'stdout'): Promise<string> {
    const lines = from === 'stdout' ? this.#lines : this.#errorLines;
    for (let next = 0; ; next++) {
      while (next >= lines.length) {
        if (!running.has(this)) throw new Error(`ended without '${text}': ${this.stdout}\n${this.stderr}`);
        await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      if (lines[next]?.includes(text) === true) return lines[next] ?? '';
    }
  }

  /** The first JSON object on standard output with this event. */
  async event(name: string): Promise<Record<string, unknown>> {
    return JSON.parse(await this.line(`"event":"${name}"`)) as Record<string, unknown>;
  }

  async end(): Promise<CliEnd> {
    await this.#exit;
    return { code: this.#child.exitCode, stdout: this.stdout, stderr: this.stderr };
  }

  #read(stream: NodeJS.ReadableStream | null, lines: string[]): void {
    if (stream === null) return;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      this.#wake();
    });
  }
}

/** Runs a command to its end. */
export function runCli(args: readonly string[], input: string | Uint8Array = ''): Promise<CliEnd> {
  const process = new CliProcess(args);
  process.input(input);
  process.endInput();
  return process.end();
}

/** Ends what a test has left running. */
export async function endAll(): Promise<void> {
  await Promise.all(
    [...running].map((process) => {
      process.kill('SIGKILL');
      return process.end();
    }),
  );
}

/** A registrar on free ports of 127.0.0.1, ready to serve. */
export async function startRegistrar(
  ...options: readonly string[]
): Promise<{ process: CliProcess; asap: string; enrp: string; http: string; registrarId: number }> {
  const process = new CliProcess([
    'registrar',
    ...['--asap', '127.0.0.1:0', '--enrp', '127.0.0.1:0', '--http', '127.0.0.1:0', '--json'],
    ...options,
  ]);
  const ready = await process.event('ready');
  const { asap, enrp, http, registrarId } = ready;
  return {
    process,
    asap: String(asap),
    enrp: String(enrp),
    http: `http://${String(http)}`,
    registrarId: Number(registrarId),
  };
}
