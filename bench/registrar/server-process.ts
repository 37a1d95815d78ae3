import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RegistrarProcessOptions } from './registrar-server.ts';
import type { Ready, Usage } from './server-protocol.ts';

/** A server in a process of its own. */
export class ServerProcess {
  readonly ready: Ready;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, ready: Ready) {
    this.#child = child;
    this.ready = ready;
  }

  /** Answers requests with messages of a size. */
  static bare(answerBytes: number): Promise<ServerProcess> {
    return ServerProcess.#start('./bare-server.ts', String(answerBytes));
  }

  static registrar(options: RegistrarProcessOptions = {}): Promise<ServerProcess> {
    return ServerProcess.#start('./registrar-server.ts', JSON.stringify(options));
  }

  static async #start(file: string, argument: string): Promise<ServerProcess> {
    const profile = process.env['BENCH_CPU_PROF'];
    const execArgv = [
      ...process.execArgv,
      ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]),
    ];
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), [argument], { execArgv });
    const [ready] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => {
        throw new Error(`${file} ended with code ${String(code)}`);
      }),
    ])) as [Ready];
    return new ServerProcess(child, ready);
  }

  async usage(): Promise<Usage> {
    this.#child.send('usage');
    const [usage] = (await once(this.#child, 'message')) as [Usage];
    return usage;
  }

  async stop(): Promise<void> {
    if (!this.#child.connected) return;
    const exit = once(this.#child, 'exit');
    this.#child.disconnect();
    await exit;
  }
}
