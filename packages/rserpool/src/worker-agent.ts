import { Worker } from 'node:worker_threads';
import type { PoolElementState } from '@rserpool/core';
import type { Policy } from '@rserpool/wire';
import { deferred } from './deferred.ts';
import type { Deferred } from './deferred.ts';
import type { AgentObserver, AgentOptions, ElementAgent } from './element-agent.ts';
import type { NetworkOptions } from './network.ts';
import { silent } from './node-host.ts';
import type { Log } from './node-host.ts';
import { ErrorCode, RSerPoolError } from './rserpool-error.ts';
import type { EndpointOptions } from './transports.ts';
import type { WorkerCommand, WorkerReport, WorkerStart } from './worker-agent-protocol.ts';

/**
 * An agent in a worker thread: it answers keep-alives while the application computes and blocks the main thread's event loop.
 * @throws RSerPoolError worker-failed; also when the network options cannot be sent to a thread (functions in `tls`)
 */
export async function startWorkerAgent(
  { log = silent, ...network }: NetworkOptions,
  endpoints: EndpointOptions,
  options: AgentOptions,
  observe: AgentObserver,
): Promise<ElementAgent> {
  const agent = new WorkerAgent({ network, endpoints, agent: options }, log, observe);
  await agent.started;
  return agent;
}

class WorkerAgent implements ElementAgent {
  readonly #worker: Worker;
  readonly #log: Log;
  readonly #observe: AgentObserver;
  readonly #started: Deferred<void> = deferred();
  #state: PoolElementState | undefined;

  constructor(start: WorkerStart, log: Log, observe: AgentObserver) {
    this.#log = log;
    this.#observe = observe;
    this.#worker = newWorker(start);
    this.#worker.on('message', (report: WorkerReport) => this.#take(report));
    this.#worker.on('error', (cause) => this.#failed('the worker thread threw', cause));
    this.#worker.on('exit', (code) => this.#exited(code));
  }

  get started(): Promise<void> {
    return this.#started.promise;
  }

  get state(): PoolElementState {
    if (this.#state === undefined)
      throw new RSerPoolError(ErrorCode.internal, 'worker agent: used before it was started');
    return this.#state;
  }

  updatePolicy(policy: Policy): void {
    this.#command({ type: 'update-policy', policy });
  }

  drain(): void {
    this.#command({ type: 'drain' });
  }

  stop(): void {
    this.#command({ type: 'stop' });
  }

  #command(command: WorkerCommand): void {
    this.#worker.postMessage(command);
  }

  #take(report: WorkerReport): void {
    switch (report.type) {
      case 'log':
        return this.#log(report.level, report.event, report.fields);
      case 'started':
        this.#state = report.state;
        return this.#started.resolve();
      case 'start-failed':
        return this.#failed(report.text, undefined);
      case 'event':
        this.#state = report.state;
        return this.#observe(report.event, report.state);
    }
  }

  #failed(text: string, cause: unknown): void {
    this.#log('error', 'element agent worker failed', { text, cause });
    this.#started.reject(new RSerPoolError(ErrorCode.workerFailed, text, { cause }));
  }

  /** Whatever ended the thread, nobody registers the element any more: that is the end of the agent. */
  #exited(code: number): void {
    const state = this.#state;
    if (state === undefined) return this.#failed(`the worker thread ended with code ${code}`, undefined);
    if (state.phase === 'stopped') return;
    this.#failed(`the worker thread ended with code ${code}`, undefined);
    this.#state = { ...state, phase: 'stopped' };
    this.#observe({ type: 'stopped' }, this.#state);
  }
}

function newWorker(start: WorkerStart): Worker {
  try {
    return new Worker(new URL('./element-agent-worker.js', import.meta.url), { workerData: start });
  } catch (cause) {
    throw new RSerPoolError(
      ErrorCode.workerFailed,
      'the worker thread cannot be started: options for it must be data; pass no functions in `tls`, or run the ASAP side in the main thread',
      { cause },
    );
  }
}
