import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Role } from './fault-schedule.ts';
import type { Command, Report } from './process-messages.ts';

const keptLogLines = 400;

/** A program of `processes/`, run by Node from the built packages, as an application would be. */
export class EnduranceProcess extends EventEmitter<{ report: [report: Report]; exit: [] }> {
  readonly name: string;
  /** The last lines of its standard error. */
  readonly logLines: string[] = [];
  /** False from the moment on that it is to end. */
  #wanted = true;
  readonly #child: ChildProcess;

  constructor(name: string, role: Role, options: unknown) {
    super();
    this.name = name;
    const program = fileURLToPath(new URL(`../../dist/endurance/processes/${role}.js`, import.meta.url));
    this.#child = spawn(process.execPath, ['--expose-gc', program, JSON.stringify(options)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      detached: true, // Ctrl-C comes to us, and we end them
    });
    this.#child.on('message', (report: Report) => this.emit('report', report)); // only our own programs are started
    this.#child.on('error', (error) => this.#note(`process: ${error.message}`));
    this.#child.on('exit', (code, signal) => {
      this.#note(`process: exit code ${code ?? '-'} signal ${signal ?? '-'}`);
      this.emit('exit');
    });
    if (this.#child.stderr !== null)
      createInterface({ input: this.#child.stderr }).on('line', (line) => this.#note(line));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** False once it was told to end. */
  get wanted(): boolean {
    return this.#wanted;
  }

  tell(command: Command): void {
    if (this.running && this.#child.connected) this.#child.send(command);
  }

  /** Resolves with the next report of the type; undefined when the process ends, or after the limit. */
  async next<T extends Report['type']>(
    type: T,
    limitMs: number,
  ): Promise<Extract<Report, { type: T }> | undefined> {
    return new Promise((resolve) => {
      const done = (report: Extract<Report, { type: T }> | undefined): void => {
        clearTimeout(limit);
        this.off('report', onReport);
        this.off('exit', onExit);
        resolve(report);
      };
      const onExit = (): void => done(undefined);
      const onReport = (report: Report): void => {
        if (isOfType(report, type)) done(report);
      };
      const limit = setTimeout(onExit, limitMs);
      this.on('report', onReport);
      this.on('exit', onExit);
      if (!this.running) onExit();
    });
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    if (this.running) this.#child.kill(signal);
  }

  kill(): void {
    this.#wanted = false;
    if (this.running) this.#child.kill('SIGKILL');
  }

  #note(line: string): void {
    this.logLines.push(`${new Date().toISOString()} ${line.slice(0, 1_000)}`);
    if (this.logLines.length > 2 * keptLogLines) this.logLines.splice(0, keptLogLines);
  }
}

function isOfType<T extends Report['type']>(report: Report, type: T): report is Extract<Report, { type: T }> {
  return report.type === type;
}
