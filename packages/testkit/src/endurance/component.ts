import { EnduranceProcess } from './child-process.ts';
import type { FaultProxy } from './fault-proxy.ts';
import type { Fault, Port, Role } from './fault-schedule.ts';
import type { Command, Report } from './process-messages.ts';

export interface ComponentOptions {
  readonly role: Role;
  readonly index: number;
  /** At its first start: 0 for those that have none. */
  readonly identity: number;
  readonly proxies: ReadonlyMap<Port, FaultProxy>;
  /** What its process is started with. */
  readonly processOptions: (identity: number) => unknown;
  /** Hears of every process that is started. */
  readonly onStart: (process: EnduranceProcess) => void;
}

const startLimitMs = 20_000;

/** A registrar, an element or a user: its proxies stay, its process may be killed and started again. */
export class Component {
  readonly role: Role;
  readonly index: number;
  readonly proxies: ReadonlyMap<Port, FaultProxy>;
  readonly #options: ComponentOptions;
  #identity: number;
  #process: EnduranceProcess | undefined;

  constructor(options: ComponentOptions) {
    this.#options = options;
    this.role = options.role;
    this.index = options.index;
    this.proxies = options.proxies;
    this.#identity = options.identity;
  }

  get name(): string {
    return `${this.role} ${this.index}`;
  }

  get identity(): number {
    return this.#identity;
  }

  tell(command: Command): void {
    this.#process?.tell(command);
  }

  /** Tells the command and resolves with the next report of the type; undefined when none comes within the limit. */
  async ask<T extends Report['type']>(
    command: Command['type'],
    reportType: T,
    limitMs: number,
  ): Promise<Extract<Report, { type: T }> | undefined> {
    const report = this.#process?.next(reportType, limitMs);
    this.tell({ type: command });
    return report;
  }

  kill(): void {
    this.#process?.kill();
  }

  /** Resolves when it is ready. @throws Error when it does not become so */
  async start(): Promise<void> {
    const process = new EnduranceProcess(this.name, this.role, this.#options.processOptions(this.#identity));
    this.#process = process;
    this.#options.onStart(process);
    const ready = await process.next('ready', startLimitMs);
    if (ready === undefined && process.wanted)
      throw new Error(
        `${this.name}: not ready within ${startLimitMs} ms\n${process.logLines.slice(-20).join('\n')}`,
      );
  }

  /** The fault begins. */
  suffer(fault: Fault): void {
    switch (fault.kind) {
      case 'kill':
        return this.kill();
      case 'stop':
        return this.#process?.signal('SIGSTOP');
      case 'network':
        return this.proxies.get(fault.port)?.set(fault.network);
    }
  }

  /** The fault ends. Resolves when the component is ready again. */
  async recover(fault: Fault): Promise<void> {
    switch (fault.kind) {
      case 'kill':
        if (fault.newIdentity) this.#identity++;
        return this.start();
      case 'stop': {
        this.#process?.signal('SIGCONT');
        return;
      }
      case 'network':
        return this.proxies.get(fault.port)?.heal();
    }
  }

  async end(): Promise<void> {
    this.kill();
    for (const proxy of this.proxies.values()) await proxy.close();
  }
}
