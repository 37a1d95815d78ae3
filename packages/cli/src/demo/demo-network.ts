import type { TransportName } from 'rserpool';
import { z } from 'zod';
import { type DemoEvent, DemoProcess } from './demo-process.ts';
import { hex } from './demo-result.ts';
import type { DemoSecrets } from './demo-secrets.ts';
import { HomeBook } from './home-book.ts';

/** Short, so that the demonstration does not take long; on a real network leave the defaults. */
const registrarTimers = {
  heartbeatCycleMs: 300,
  maxTimeLastHeardMs: 1000,
  maxTimeNoResponseMs: 500,
  takeoverRetryMs: 500,
  keepAliveIntervalMs: 500,
  keepAliveTimeoutMs: 1000,
  lostElementGraceMs: 500,
  reconnectMinMs: 100,
};

/** The same of associations: SCTP finds out that a process was killed by its silence only. */
const associationTiming = ['heartbeatIntervalMs=500', 'heartbeatTimeoutMs=2000'];

const registrarIds = [0xa1, 0xa2, 0xa3];
const elementIds = [0xe1, 0xe2, 0xe3, 0xe4, 0xe5];
const userNames = ['user 1', 'user 2'];
const endLimitMs = 5000;

const oneAddress = z.tuple([z.string()]);
const registrarReady = z.looseObject({ asap: oneAddress, enrp: oneAddress });
const userAt = z.looseObject({ elementId: z.number() });
const userMovedTo = z.looseObject({ toElementId: z.number() });

/** Three registrars, five ping-pong elements and two users, each a process of its own on the loopback interface. */
export class DemoNetwork {
  /** By identifier. */
  readonly registrars = new Map<number, DemoProcess>();
  readonly elements = new Map<number, DemoProcess>();
  readonly users: DemoProcess[] = [];
  readonly homes = new HomeBook();
  readonly #signal: AbortSignal;
  readonly #transport: TransportName;
  readonly #secrets: DemoSecrets | undefined;
  readonly #onEvent: (from: DemoProcess, event: DemoEvent) => void;
  readonly #asapAddresses: string[] = [];

  /** @param onEvent hears what every process says */
  constructor(
    { signal, transport }: { readonly signal: AbortSignal; readonly transport: TransportName },
    secrets: DemoSecrets | undefined,
    onEvent: (from: DemoProcess, event: DemoEvent) => void,
  ) {
    this.#signal = signal;
    this.#transport = transport;
    this.#secrets = secrets;
    this.#onEvent = onEvent;
  }

  /** One after the other, so that each knows the addresses of those before it. */
  async startRegistrars(): Promise<void> {
    const enrpAddresses: string[] = [];
    for (const id of registrarIds) {
      const process = this.#start(`registrar ${hex(id)}`, [
        'registrar',
        ...['--id', hex(id), '--asap', '127.0.0.1:0', '--enrp', '127.0.0.1:0'],
        ...enrpAddresses.flatMap((address) => ['--peer', address]),
        ...Object.entries(registrarTimers).flatMap(([name, valueMs]) => ['--timer', `${name}=${valueMs}`]),
      ]);
      process.on('event', (event) => this.homes.take(id, event));
      this.registrars.set(id, process);
      const ready = registrarReady.parse(await process.heard('ready', this.#signal));
      this.#asapAddresses.push(...ready.asap);
      enrpAddresses.push(...ready.enrp);
    }
  }

  /** Each knows one registrar only: when that dies, others must take it over, for it cannot go anywhere by itself. */
  async startElements(): Promise<void> {
    for (const [index, id] of elementIds.entries()) {
      const process = this.#start(`element ${hex(id)}`, [
        ...['serve', 'ping-pong', '--id', hex(id), '--policy', 'least-used', '--max-sessions', '10'],
        ...['--registrar', this.#asapAddresses[index % this.#asapAddresses.length] ?? ''],
        ...(this.#secrets?.cookieOptions ?? []),
      ]);
      this.elements.set(id, process);
    }
    await Promise.all([...this.elements.values()].map((process) => process.heard('ready', this.#signal)));
  }

  async startUsers(intervalMs: number): Promise<void> {
    for (const name of userNames) {
      this.users.push(
        this.#start(name, [
          'ping',
          '--interval',
          String(intervalMs),
          '--silence',
          '1000',
          ...this.#registrarOptions(),
        ]),
      );
    }
    await Promise.all(this.users.map((process) => process.heard('open', this.#signal)));
  }

  /** The element that serves a user now. */
  elementOf(user: DemoProcess): number {
    const moved = user.last('failover');
    if (moved !== undefined) return userMovedTo.parse(moved).toElementId;
    return userAt.parse(user.last('open')).elementId;
  }

  /** Ends everything in order: first those that need the others. */
  async end(): Promise<void> {
    await Promise.all(this.users.map((process) => process.end('SIGINT', endLimitMs)));
    await Promise.all([...this.elements.values()].map((process) => process.end('SIGTERM', endLimitMs)));
    await Promise.all([...this.registrars.values()].map((process) => process.end('SIGTERM', endLimitMs)));
  }

  #start(name: string, commandLine: readonly string[]): DemoProcess {
    const shared = [
      ...['--transport', this.#transport],
      ...associationTiming.flatMap((time) => ['--timing', time]),
      ...(this.#secrets?.tlsOptions ?? []),
    ];
    const process = new DemoProcess(name, [...commandLine, ...shared]);
    process.on('event', (event) => this.#onEvent(process, event));
    return process;
  }

  #registrarOptions(): readonly string[] {
    return this.#asapAddresses.flatMap((address) => ['--registrar', address]);
  }
}
