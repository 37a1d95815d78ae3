import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A line that the program printed; its fields beside `event` are in the head of usrsctp-peer.c. */
export interface UsrsctpEvent {
  readonly event: string;
  readonly [field: string]: string | number | boolean;
}

/** The C program as a process, which the test tells what to do. */
export class UsrsctpPeer {
  readonly #child: ChildProcess;
  /** Events that nobody has taken yet. */
  readonly #events: UsrsctpEvent[] = [];
  #wake: () => void = () => undefined;

  /** Resolves when it listens. @param options of the command line */
  static async start(program: string, options: readonly string[]): Promise<UsrsctpPeer> {
    const peer = new UsrsctpPeer(program, options);
    const { rawSocket } = await peer.next('ready');
    if (rawSocket === false) return peer;
    peer.kill();
    throw new Error('usrsctp may open raw sockets: nothing would show that it speaks over UDP');
  }

  private constructor(program: string, options: readonly string[]) {
    this.#child = spawn(program, options, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child.once('exit', () => this.#wake());
    if (this.#child.stdout === null) throw new Error('spawn: no pipe');
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      this.#events.push(JSON.parse(line) as UsrsctpEvent); // our own program's
      this.#wake();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** One of the commands in the head of usrsctp-peer.c. */
  tell(command: string): void {
    this.#child.stdin?.write(`${command}\n`);
  }

  /** Takes the first event of that kind, and of those with which `wanted` agrees; earlier ones of other kinds stay. */
  async next(
    event: string,
    wanted: (found: UsrsctpEvent) => boolean = () => true,
    longestWaitMs = 20_000,
  ): Promise<UsrsctpEvent> {
    const endMs = performance.now() + longestWaitMs;
    for (;;) {
      const index = this.#events.findIndex((found) => found.event === event && wanted(found));
      const [found] = index < 0 ? [] : this.#events.splice(index, 1);
      if (found !== undefined) return found;
      const waitMs = endMs - performance.now();
      if (waitMs <= 0 || this.#hasEnded)
        throw new Error(`usrsctp-peer: expected "${event}", got ${JSON.stringify(this.#events)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMs);
        this.#wake = (): void => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Tells and takes the answer. */
  ask(command: string, event: string): Promise<UsrsctpEvent> {
    this.tell(command);
    return this.next(event);
  }

  /** Ends it; what it has received so far. */
  async quit(): Promise<UsrsctpEvent> {
    return await this.ask('quit', 'end');
  }

  /** As a machine that loses its power: no peer is told. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  /** Resolves when the process has gone. */
  async gone(): Promise<void> {
    if (!this.#hasEnded) await once(this.#child, 'exit');
  }

  get #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}
