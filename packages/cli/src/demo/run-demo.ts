import { setTimeout } from 'node:timers/promises';
import type { TransportName } from 'rserpool';
import { z } from 'zod';
import { DemoNetwork } from './demo-network.ts';
import type { DemoEvent, DemoProcess } from './demo-process.ts';
import { DemoSecrets } from './demo-secrets.ts';
import { type DemoResult, type DemoTakeover, demoUserSummary, hex } from './demo-result.ts';

export interface DemoOptions {
  /** How long the users send. */
  readonly durationMs: number;
  readonly pingIntervalMs: number;
  readonly transport: TransportName;
  /** Associations over TLS with a pre-shared key, and state cookies that are encrypted with another one. */
  readonly tls: boolean;
  /** Ends it early: everything that was started is ended all the same. */
  readonly signal: AbortSignal;
  /** Hears what happens, a line each. */
  readonly progress: (text: string) => void;
}

const takeover = z.looseObject({ targetId: z.number(), byId: z.number(), elements: z.number() });
const failover = z.looseObject({
  fromElementId: z.number(),
  toElementId: z.number(),
  durationMs: z.number(),
});

/** Parts of the duration after which something is killed. */
const killFirstElementAt = 0.2;
const killRegistrarAt = 0.4;
const killSecondElementAt = 0.8;

/**
 * Runs the demonstration: users send pings while elements and a registrar are killed.
 * @throws CommandError when a process cannot be started, or it is interrupted
 */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const record = new DemoRecord(options);
  const secrets = options.tls ? new DemoSecrets() : undefined;
  const network = new DemoNetwork(options, secrets, (from, event) => record.take(from, event));
  try {
    await start(network, options);
    await play(network, options, record);
    options.progress('the users stop and wait for their last answers');
    for (const user of network.users) user.kill('SIGINT');
    const summaries = await Promise.all(network.users.map((user) => user.heard('summary', options.signal)));
    return {
      users: summaries.map((summary, index) => demoUserSummary(network.users[index]?.name ?? '', summary)),
      takeovers: record.takeovers,
      killed: record.killed,
    };
  } finally {
    await network.end();
    secrets?.remove();
  }
}

async function start(network: DemoNetwork, { progress, pingIntervalMs }: DemoOptions): Promise<void> {
  await network.startRegistrars();
  progress(`${network.registrars.size} registrars run: ${pids(network.registrars)}`);
  await network.startElements();
  progress(`${network.elements.size} elements are registered in PingPongPool: ${pids(network.elements)}`);
  for (const id of network.registrars.keys()) {
    progress(
      `  registrar ${hex(id)} is home of ${network.homes.elementsOf(id).map(hex).join(' ') || 'none'}`,
    );
  }
  await network.startUsers(pingIntervalMs);
  for (const user of network.users) {
    progress(`${user.name} (process ${user.pid}) sends pings to element ${hex(network.elementOf(user))}`);
  }
}

function pids(processes: ReadonlyMap<number, DemoProcess>): string {
  return Array.from(processes, ([id, { pid }]) => `${hex(id)} (process ${pid})`).join(', ');
}

async function play(network: DemoNetwork, options: DemoOptions, record: DemoRecord): Promise<void> {
  const { durationMs, signal } = options;
  const startMs = performance.now();
  const at = async (part: number): Promise<void> => {
    await setTimeout(Math.max(0, startMs + durationMs * part - performance.now()), undefined, { signal });
  };
  const [firstUser, secondUser] = network.users;

  await at(killFirstElementAt);
  if (firstUser !== undefined)
    record.kill(network.elements.get(network.elementOf(firstUser)), `it serves ${firstUser.name}`);
  await at(killRegistrarAt);
  const busiest = network.homes.busiest() ?? 0;
  const owned = network.homes.elementsOf(busiest).map(hex).join(' ');
  record.kill(network.registrars.get(busiest), `it is home of ${owned}`);
  await at(killSecondElementAt);
  if (secondUser !== undefined)
    record.kill(network.elements.get(network.elementOf(secondUser)), `it serves ${secondUser.name}`);
  await at(1);
}

/** What happened, for the lines on the way and for the result. */
class DemoRecord {
  readonly takeovers: DemoTakeover[] = [];
  readonly killed: string[] = [];
  readonly #progress: (text: string) => void;
  #killedAtMs = 0;

  constructor({ progress }: DemoOptions) {
    this.#progress = progress;
  }

  kill(process: DemoProcess | undefined, why: string): void {
    if (process === undefined) return;
    this.#progress(`SIGKILL to ${process.name} (process ${process.pid}): ${why}`);
    this.#killedAtMs = performance.now();
    this.killed.push(process.name);
    process.kill('SIGKILL');
  }

  take(from: DemoProcess, event: DemoEvent): void {
    if (event.event === 'takeover') this.#tookOver(event);
    else if (event.event === 'failover') {
      const { fromElementId, toElementId, durationMs } = failover.parse(event);
      this.#progress(
        `${from.name} goes on at ${hex(toElementId)} in place of ${hex(fromElementId)}: ${durationMs.toFixed(0)} ms`,
      );
    }
  }

  /** Every registrar tells of a takeover, its own or another's. */
  #tookOver(event: DemoEvent): void {
    const { targetId, byId, elements } = takeover.parse(event);
    if (this.takeovers.some((known) => known.targetId === targetId && known.byId === byId)) return;
    const afterMs = performance.now() - this.#killedAtMs;
    this.takeovers.push({ targetId, byId, elements, afterMs });
    this.#progress(
      `registrar ${hex(byId)} took over ${elements} elements of registrar ${hex(targetId)}: ${afterMs.toFixed(0)} ms`,
    );
  }
}
