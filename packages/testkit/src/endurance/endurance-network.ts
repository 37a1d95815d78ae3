import { randomBytes } from 'node:crypto';
import { Component } from './component.ts';
import type { EnduranceProcess } from './child-process.ts';
import { FaultProxy } from './fault-proxy.ts';
import type { Port, Role, ScheduledFault } from './fault-schedule.ts';
import { freePorts } from './free-ports.ts';
import type {
  ElementProcessOptions,
  RegistrarProcessOptions,
  UserProcessOptions,
} from './process-options.ts';

export interface NetworkSize {
  readonly registrars: number;
  readonly elements: number;
  readonly users: number;
  /** Of each user. */
  readonly sessions: number;
  /** Between two requests of a session. */
  readonly intervalMs: number;
  /** Of those sessions that do not stay. */
  readonly sessionLifeMs: number;
}

const host = '127.0.0.1';
const userSeeds = 1_000;
/** Identities of a role: 0xa0001, 0xa0002 are incarnations of registrar 0. */
const identities = { registrar: 0xa0000, element: 0xe0000, user: 0 } as const;
const identitiesOfOne = 0x1000;

/** Processes on the loopback interface, each reached by all others through proxies only. */
export class EnduranceNetwork {
  readonly #size: NetworkSize;
  readonly #seed: number;
  readonly #onStart: (process: EnduranceProcess) => void;
  readonly #components: Component[] = [];
  readonly #cookieKey = randomBytes(32).toString('hex');
  #ports: number[] = [];

  /** @param onStart hears of every process that is started, also again */
  constructor(size: NetworkSize, seed: number, onStart: (process: EnduranceProcess) => void) {
    this.#size = size;
    this.#seed = seed;
    this.#onStart = onStart;
  }

  get components(): readonly Component[] {
    return this.#components;
  }

  of(role: Role): readonly Component[] {
    return this.#components.filter((component) => component.role === role);
  }

  componentOf({ role, index }: Pick<ScheduledFault, 'role' | 'index'>): Component {
    const component = this.of(role)[index];
    if (component === undefined) throw new RangeError(`endurance: there is no ${role} ${index}`);
    return component;
  }

  get flippedBits(): number {
    const proxies = this.#components.flatMap(({ proxies: all }) => [...all.values()]);
    return proxies.reduce((sum, { statistics }) => sum + statistics.flippedBits, 0);
  }

  /** Registrars first, users last. @throws Error where something cannot be started */
  async start(): Promise<void> {
    const { registrars, elements, users } = this.#size;
    this.#ports = [...(await freePorts(2 * (registrars + elements)))];
    for (let index = 0; index < registrars; index++) await this.#addRegistrar(index);
    for (let index = 0; index < elements; index++) await this.#addElement(index);
    for (let index = 0; index < users; index++) this.#addUser(index);
    for (const role of ['registrar', 'element', 'user'] as const)
      await Promise.all(this.of(role).map((component) => component.start()));
  }

  async end(): Promise<void> {
    for (const component of [...this.#components].reverse()) await component.end();
  }

  async #addRegistrar(index: number): Promise<void> {
    const asap = await this.#newEndpoint();
    const enrp = await this.#newEndpoint();
    const proxies = new Map([
      ['asap', asap.proxy],
      ['enrp', enrp.proxy],
    ] as const);
    this.#add('registrar', index, proxies, (registrarId): RegistrarProcessOptions => ({
      registrarId,
      asap: asap.listen,
      enrp: enrp.listen,
      advertisedEnrp: enrp.proxy.address,
      peers: this.#addresses('enrp'),
    }));
  }

  async #addElement(index: number): Promise<void> {
    const users = await this.#newEndpoint();
    const asap = await this.#newEndpoint();
    const proxies = new Map([
      ['users', users.proxy],
      ['asap', asap.proxy],
    ] as const);
    this.#add('element', index, proxies, (elementId): ElementProcessOptions => ({
      elementId,
      users: users.listen,
      asap: asap.listen,
      advertisedUsers: users.proxy.address,
      advertisedAsap: asap.proxy.address,
      registrars: this.#addresses('asap'),
      cookieKey: this.#cookieKey,
    }));
  }

  #addUser(index: number): void {
    const { sessions, intervalMs, sessionLifeMs } = this.#size;
    let starts = 0; // a user that was killed has other sessions when it comes again
    this.#add('user', index, new Map(), (): UserProcessOptions => ({
      name: `user ${index}`,
      seed: this.#seed * userSeeds + starts++,
      registrars: this.#addresses('asap'),
      sessions,
      intervalMs,
      sessionLifeMs,
    }));
  }

  #add(
    role: Role,
    index: number,
    proxies: ReadonlyMap<Port, FaultProxy>,
    processOptions: (identity: number) => unknown,
  ): void {
    const identity = identities[role] + index * identitiesOfOne + 1;
    const onStart = this.#onStart;
    this.#components.push(new Component({ role, index, identity, proxies, processOptions, onStart }));
  }

  async #newEndpoint(): Promise<{ readonly listen: string; readonly proxy: FaultProxy }> {
    const port = this.#ports.shift();
    if (port === undefined) throw new Error('endurance: expected a free port, got none');
    const proxy = await FaultProxy.start({ target: { host, port }, seed: this.#seed + port });
    return { listen: `${host}:${port}`, proxy };
  }

  /** The proxies of all registrars. */
  #addresses(port: Port): readonly string[] {
    return this.of('registrar').flatMap(({ proxies }) => proxies.get(port)?.address ?? []);
  }
}
