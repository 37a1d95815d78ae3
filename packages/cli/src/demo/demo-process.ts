import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { CommandError, ExitCode } from '../exit-code.ts';

const launcher = fileURLToPath(new URL('../../bin/rserpool.js', import.meta.url));

/** What a process of the demo tells on its standard output: one JSON object a line, with the name of the event. */
const eventSchema = z.looseObject({ event: z.string() });
export type DemoEvent = z.infer<typeof eventSchema>;

/** An `rserpool` command as a process of its own, with `--json`. It ends when this process does. */
export class DemoProcess extends EventEmitter<{ event: [event: DemoEvent] }> {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #last = new Map<string, DemoEvent>();
  #errors = '';

  constructor(name: string, commandLine: readonly string[]) {
    super();
    this.name = name;
    // In a process group of its own: Ctrl-C comes to us, and we end it in the right order.
    this.#child = spawn(
      process.execPath,
      [launcher, ...commandLine, '--json', '--until-stdin-ends', '--log-level', 'warn'],
      {
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: true,
      },
    );
    this.#exited = new Promise((resolve) => this.#child.once('close', resolve)); // after its last line
    this.#child.once('error', (error) => (this.#errors += error.message)); // it could not be started
    this.#child.stdin?.on('error', () => undefined); // it may end before we close this pipe; `exited` tells
    this.#child.stderr?.on(
      'data',
      (data: Buffer) => (this.#errors = (this.#errors + data.toString()).slice(-2000)),
    );
    if (this.#child.stdout !== null) {
      createInterface({ input: this.#child.stdout }).on('line', (line) => this.#take(line));
    }
  }

  /** 0 when it could not be started. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The last event of a name. */
  last(event: string): DemoEvent | undefined {
    return this.#last.get(event);
  }

  /** The last event of a name, or the next one where there was none yet. @throws CommandError when the process ends before */
  async heard(event: string, signal: AbortSignal): Promise<DemoEvent> {
    const before = this.#last.get(event);
    if (before !== undefined) return before;
    signal.throwIfAborted();
    const waiting = new AbortController();
    const heard = new Promise<DemoEvent>((resolve, reject) => {
      this.on('event', (next) => {
        if (next.event === event) resolve(next);
      });
      signal.addEventListener('abort', () => reject(abortError(signal)), { signal: waiting.signal });
      void this.#exited.then(() => {
        const text = `${this.name} ended without '${event}': ${this.#errors}`;
        reject(new CommandError(ExitCode.failure, text));
      });
    });
    return await heard.finally(() => waiting.abort());
  }

  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): void {
    if (this.running) this.#child.kill(signal);
  }

  /** Ends it in order, or after the limit at once; resolves when it is gone. */
  async end(signal: 'SIGTERM' | 'SIGINT', limitMs: number): Promise<void> {
    this.kill(signal);
    const limit = setTimeout(() => this.kill('SIGKILL'), limitMs);
    await this.#exited;
    clearTimeout(limit);
  }

  #take(line: string): void {
    const event = eventSchema.parse(JSON.parse(line)); // our own program's output: anything else is a defect
    this.#last.set(event.event, event);
    this.emit('event', event);
  }
}

function abortError(signal: AbortSignal): Error {
  return signal.reason instanceof Error ? signal.reason : new Error('interrupted');
}
