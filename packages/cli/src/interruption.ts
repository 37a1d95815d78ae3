import { ExitCode } from './exit-code.ts';

/** How the user or the system asks a command to end: SIGINT, SIGTERM, or (if wanted) the end of standard input. */
export class Interruption {
  readonly #controller = new AbortController();
  #exitCode: ExitCode | undefined;

  /** Begins to listen. The first signal asks to leave in order; the second one ends the process at once. */
  constructor() {
    process.on('SIGINT', () => this.#take(ExitCode.interrupted, 'SIGINT'));
    process.on('SIGTERM', () => this.#take(ExitCode.terminated, 'SIGTERM'));
  }

  /** Fires at the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code of a command that could not do what it was asked for since it was interrupted. */
  get exitCode(): ExitCode | undefined {
    return this.#exitCode;
  }

  /** Ends with standard input too, so that a process does not outlive the one that started it. */
  followStandardInput(): void {
    process.stdin.on('end', () => this.#abort('standard input ended'));
    process.stdin.on('error', () => this.#abort('standard input failed'));
    process.stdin.resume();
  }

  /** Lets the process end: standard input no longer keeps it alive. */
  release(): void {
    process.stdin.destroy();
  }

  /** Waits for the first signal. */
  async wait(): Promise<void> {
    if (this.signal.aborted) return;
    await new Promise((resolve) => this.signal.addEventListener('abort', resolve, { once: true }));
  }

  #take(exitCode: ExitCode, signal: string): void {
    if (this.#exitCode !== undefined) process.exit(exitCode);
    this.#exitCode = exitCode;
    this.#abort(`received ${signal}`);
  }

  /** With the kind of error that everything throws that an AbortSignal ends. */
  #abort(reason: string): void {
    this.#controller.abort(Object.assign(new Error(reason), { name: 'AbortError' }));
  }
}
