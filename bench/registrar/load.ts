import { setTimeout as sleep } from 'node:timers/promises';
import type { Framing } from './framing.ts';
import { LoadConnection } from './load-connection.ts';
import type { RequestRing } from './load-connection.ts';
import type { ServerProcess } from './server-process.ts';

/** What a server did in a while. */
export interface Rate {
  readonly perSecond: number;
  /** Processor time of the server process for one request, in microseconds. */
  readonly serverMicroseconds: number;
}

/** Percentiles of the time from when a request was due to its answer, in milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Before anything is counted: until the server's code has been compiled and runs smoothly. */
const warmUpAnswers = 5_000;

/** Clients of one server. */
export class Load {
  readonly #server: ServerProcess;
  readonly #connections: readonly LoadConnection[];
  #lost: Error | undefined;

  private constructor(server: ServerProcess, connections: readonly LoadConnection[]) {
    this.#server = server;
    this.#connections = connections;
    for (const connection of connections) connection.onLost((error) => (this.#lost ??= error));
  }

  /** @param rings requests of each client */
  static async connect(
    server: ServerProcess,
    framing: Framing,
    rings: readonly RequestRing[],
  ): Promise<Load> {
    const { port } = server.ready;
    return new Load(server, await Promise.all(rings.map((ring) => LoadConnection.open(port, framing, ring))));
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  /** Each client sends its whole ring once, at most `window` requests at a time. */
  async once(requestsEach: number, window: number): Promise<void> {
    const all = requestsEach * this.#connections.length;
    let answered = 0;
    await new Promise<void>((resolve) => {
      for (const connection of this.#connections) {
        let unsent = requestsEach - Math.min(window, requestsEach);
        connection.onAnswers = (count) => {
          const next = Math.min(count, unsent);
          unsent -= next;
          if (next > 0) connection.send(next);
          answered += count;
          if (answered === all) resolve();
        };
        connection.send(Math.min(window, requestsEach));
      }
    });
  }

  /** Closed loop: each client has `window` requests outstanding at any time. */
  async saturate(window: number, durationMs: number): Promise<Rate> {
    let answers = 0;
    let isOn = true;
    for (const connection of this.#connections) {
      connection.onAnswers = (count) => {
        answers += count;
        if (isOn) connection.send(count);
      };
      connection.send(window);
    }
    do await sleep(durationMs / 5);
    while (answers < warmUpAnswers && this.#lost === undefined);
    const before = await this.#server.usage();
    const startMs = performance.now();
    const startAnswers = answers;
    await sleep(durationMs);
    const counted = answers - startAnswers;
    const elapsedMs = performance.now() - startMs;
    const after = await this.#server.usage();
    const usedAnswers = answers - startAnswers; // until the usage was told
    isOn = false;
    await this.#quiet();
    if (counted === 0) throw new Error('no answers');
    return {
      perSecond: (counted * 1_000) / elapsedMs,
      serverMicroseconds: ((after.cpuMs - before.cpuMs) * 1_000) / usedAnswers,
    };
  }

  /**
   * Open loop: requests are due at a rate, whatever the server does, one client after the other. The latency counts from when a
   * request was due, so that what waited because of a pause counts too.
   */
  async pace(perSecond: number, durationMs: number): Promise<Latency> {
    const total = Math.floor((perSecond * durationMs) / 1_000);
    const latenciesMs = new Float64Array(total);
    const clients = this.#connections.length;
    const firstUnanswered = new Int32Array(clients); // request numbers of a client are client, client + clients, ...
    const startMs = performance.now() + 20;
    let answered = 0;
    for (const [client, connection] of this.#connections.entries()) {
      firstUnanswered[client] = client;
      connection.onAnswers = (count) => {
        const nowMs = performance.now();
        for (let left = count; left > 0; left -= 1) {
          const request = firstUnanswered[client] ?? 0;
          firstUnanswered[client] = request + clients;
          latenciesMs[request] = nowMs - startMs - (request * 1_000) / perSecond;
        }
        answered += count;
      };
    }
    await this.#sendDue(total, perSecond, startMs);
    for (let waitedMs = 0; answered < total; waitedMs += 10) {
      if (this.#lost !== undefined || waitedMs > 30_000)
        throw this.#lost ?? new Error(`${total - answered} answers missing`);
      await sleep(10);
    }
    return percentiles(latenciesMs);
  }

  #sendDue(total: number, perSecond: number, startMs: number): Promise<void> {
    const connections = this.#connections;
    const due = new Int32Array(connections.length);
    let sent = 0;
    return new Promise((resolve) => {
      const turn = (): void => {
        const dueByNow = Math.min(total, Math.floor(((performance.now() - startMs) * perSecond) / 1_000) + 1);
        if (dueByNow > sent) {
          due.fill(0);
          for (; sent < dueByNow; sent += 1)
            due[sent % connections.length] = (due[sent % connections.length] ?? 0) + 1;
          for (const [client, count] of due.entries()) if (count > 0) connections[client]?.send(count);
        }
        if (sent < total)
          setImmediate(turn); // spins, since timers are too coarse
        else resolve();
      };
      turn();
    });
  }

  /** Until what is outstanding has been answered. */
  async #quiet(): Promise<void> {
    for (let before = -1, now = this.#answers(); now !== before; now = this.#answers()) {
      before = now;
      await sleep(20);
    }
    if (this.#lost !== undefined) throw this.#lost;
  }

  #answers(): number {
    return this.#connections.reduce((sum, { answers }) => sum + answers, 0);
  }
}

function percentiles(latenciesMs: Float64Array): Latency {
  const sorted = latenciesMs.sort();
  const at = (fraction: number): number =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))] ?? 0).toFixed(3));
  return { p50: at(0.5), p99: at(0.99), p999: at(0.999), max: at(1) };
}
