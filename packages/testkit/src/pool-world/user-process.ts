import { PoolUserEngine, SessionEngine } from '@rserpool/core';
import type { PoolUserOptions, SessionOptions } from '@rserpool/core';
import { poolHandle } from '@rserpool/wire';
import type { AsapMessage } from '@rserpool/wire';
import { NumberedRequests } from './numbered-requests.ts';
import type { PoolWorld } from './pool-world.ts';
import { asapPort } from './registrar-process.ts';
import { tappedConnector } from './tapped-channel.ts';
import type { WiringEnd } from './wiring.ts';
import { WorldProcess } from './world-process.ts';
import type { ProcessOptions } from './world-process.ts';

export interface UserProcessOptions extends ProcessOptions, Partial<Omit<PoolUserOptions, 'registrars'>> {
  /** Hosts of the configured registrars; none where announces are to be heard. */
  readonly registrars: readonly string[];
}

export type UserSessionOptions = Partial<
  Omit<SessionOptions, 'host' | 'poolHandle' | 'selector' | 'connectElement'>
>;

/** A pool user: the shipped engine and the shipped session code, with {@link NumberedRequests} as applications. */
export class UserProcess extends WorldProcess {
  readonly kind = 'user';
  readonly options: UserProcessOptions;
  readonly engine: PoolUserEngine;
  /** All that it opened, in order. */
  readonly sessions: NumberedRequests[] = [];
  readonly #opened: { readonly pool: string; readonly options: UserSessionOptions }[] = [];

  constructor(world: PoolWorld, name: string, options: UserProcessOptions) {
    super(world, name, options);
    this.options = options;
    const end = this.asapEnd;
    const connectRegistrar = tappedConnector(this.asapTap, world.asap.connector(end));
    this.engine = new PoolUserEngine(
      Object.assign(this.host, { connectRegistrar }),
      {
        ...options,
        registrars: options.registrars.map((registrar) => world.transport(registrar, asapPort)),
      },
      (event) => this.emit(event),
    );
    if (options.hearsAnnounces !== false) this.#hearAnnounces(end);
    this.engine.start();
  }

  /** The pool of one of its sessions. */
  poolOf(session: number): string {
    return this.#opened[session - 1]?.pool ?? '';
  }

  /** What one of its sessions was opened with. */
  optionsOf(session: number): UserSessionOptions {
    return this.#opened[session - 1]?.options ?? {};
  }

  openSession(pool: string, options: UserSessionOptions = {}): NumberedRequests {
    const number = this.sessions.length + 1;
    const lineage = `${this.name}/${this.incarnation}/${number}`;
    const application = new NumberedRequests(number, lineage, (event) => this.emit(event));
    const port = this.world.sessions.port(this.node);
    const session = new SessionEngine(
      {
        ...options,
        host: this.host,
        poolHandle: poolHandle(pool),
        selector: this.engine,
        connectElement: (remote, handler) => {
          const association = this.tapped(port.connect(remote, handler));
          application.connectionOpened(association);
          return association;
        },
      },
      application,
    );
    this.sessions.push(application);
    this.#opened.push({ pool, options });
    application.start(session);
    return application;
  }

  #hearAnnounces(end: WiringEnd<AsapMessage>): void {
    this.world.asap.join(end, (message, address) => {
      if (message.type !== 'server-announce') return;
      this.engine.serverAnnounced(message, { ...this.transport(asapPort), addresses: [address] });
    });
  }
}
