import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** A process that answers one task after the other: `process.on('message', (task) => process.send(answer))`. */
export class WorkerProcess<Task extends object, Answer> {
  readonly #child: ChildProcess;

  /** @param execArgv options of Node beside our own */
  constructor(program: URL, ...execArgv: readonly string[]) {
    this.#child = fork(program, { execArgv: [...process.execArgv, ...execArgv] });
  }

  /** @throws Error when the process ends, or does not answer in time: then it is killed */
  ask(task: Task, limitMs = Infinity): Promise<Answer> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const died = (code: number | null): void =>
        reject(new Error(`worker ended (${code ?? 'killed'}) with ${JSON.stringify(task)}`));
      const timer = limitMs === Infinity ? undefined : setTimeout(() => child.kill('SIGKILL'), limitMs);
      child.once('exit', died);
      child.once('message', (answer: Answer) => {
        clearTimeout(timer);
        child.off('exit', died);
        resolve(answer);
      });
      child.send(task);
    });
  }

  end(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}
