import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Order } from './orders.ts';

/** `peer-process.ts`; with BENCH_CPU_PROF=<directory> it leaves a profile there. */
export class LoadProcess {
  readonly #child: ChildProcess;

  constructor(kind: string, role: string, options: readonly string[] = []) {
    const profile = process.env['BENCH_CPU_PROF'];
    const prof = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}/${role}-${kind}`];
    this.#child = fork(fileURLToPath(new URL('./peer-process.ts', import.meta.url)), [kind], {
      execArgv: [...process.execArgv, ...options, ...prof],
    });
  }

  async tell<Answer>(order: Order): Promise<Answer> {
    const over = new AbortController();
    const { signal } = over;
    const ended = once(this.#child, 'exit', { signal }).then(([code]) => {
      throw new Error(`peer-process.ts ended with code ${String(code)} at ${JSON.stringify(order)}`);
    });
    const answer = once(this.#child, 'message', { signal });
    this.#child.send(order);
    const [message] = (await Promise.race([answer, ended])) as [Answer];
    ended.catch(() => undefined);
    over.abort();
    return message;
  }

  async stop(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.disconnect();
    await exit;
  }
}
