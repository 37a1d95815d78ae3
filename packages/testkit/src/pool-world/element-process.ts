import { CookieHistory, PoolElementEngine, plainCookies } from '@rserpool/core';
import type { CookieSeal, PoolElementOptions } from '@rserpool/core';
import { poolHandle } from '@rserpool/wire';
import type { AsapMessage } from '@rserpool/wire';
import type { Policy } from '@rserpool/wire';
import { CountingService } from './counting-service.ts';
import type { CountingServiceOptions } from './counting-service.ts';
import type { PoolWorld } from './pool-world.ts';
import { asapPort } from './registrar-process.ts';
import { tappedAcceptor, tappedConnector } from './tapped-channel.ts';
import type { WiringEnd } from './wiring.ts';
import { WorldProcess } from './world-process.ts';
import type { ProcessOptions } from './world-process.ts';

const servicePort = 7000;
const ownAsapPort = 7001;

/** Sessions at which a policy with a load sees this element as full. */
const fullLoadSessions = 16;

export interface ElementProcessOptions
  extends
    ProcessOptions,
    CountingServiceOptions,
    Partial<Omit<PoolElementOptions, 'poolHandle' | 'registrars' | 'userTransport' | 'asapTransport'>> {
  readonly pool: string;
  /** Hosts of the configured registrars; none where announces are to be heard. */
  readonly registrars: readonly string[];
  /** Default: {@link plainCookies}. */
  readonly seal?: CookieSeal;
}

/** A pool element: the shipped engine and the shipped session code, with a {@link CountingService}. */
export class ElementProcess extends WorldProcess {
  readonly kind = 'element';
  readonly options: ElementProcessOptions;
  readonly engine: PoolElementEngine;
  readonly service: CountingService;

  constructor(world: PoolWorld, name: string, options: ElementProcessOptions) {
    super(world, name, options);
    this.options = options;
    const end = this.asapEnd;
    const connectRegistrar = tappedConnector(this.asapTap, world.asap.connector(end));
    this.engine = new PoolElementEngine(
      Object.assign(this.host, { connectRegistrar }),
      {
        policy: { name: 'round-robin' },
        ...options,
        poolHandle: poolHandle(options.pool),
        registrars: options.registrars.map((registrar) => world.transport(registrar, asapPort)),
        userTransport: this.transport(servicePort, 'data-control'),
        asapTransport: this.transport(ownAsapPort),
      },
      (event) => this.emit(event),
    );
    this.service = this.#newService();
    world.asap.listen(end, this.transport(ownAsapPort), tappedAcceptor(this.asapTap, this.engine.acceptAsap));
    if (options.hearsAnnounces !== false) this.#hearAnnounces(end);
    const serve = this.transport(servicePort, 'data-control');
    void world.sessions
      .port(this.node)
      .listen(serve, (association) => this.service.accept(this.tapped(association)));
    this.engine.start();
  }

  get elementId(): number {
    return this.engine.state.elementId;
  }

  /** Leaves the pool, moving its sessions to other elements. */
  drain(): void {
    this.engine.drain();
    this.service.handOverAll();
  }

  #hearAnnounces(end: WiringEnd<AsapMessage>): void {
    this.world.asap.join(end, (message, address) => {
      if (message.type !== 'server-announce') return;
      this.engine.serverAnnounced(message, { ...this.transport(asapPort), addresses: [address] });
    });
  }

  #newService(): CountingService {
    const { seal = plainCookies } = this.options;
    return new CountingService({
      serviceTimeMs: { min: 0, max: 20 },
      rejectProbability: 0,
      handOverProbability: 0,
      businessCard: [],
      ...this.options,
      host: this.host,
      random: this.world.clock.randomStream(`service ${this.name}`),
      poolHandle: poolHandle(this.options.pool),
      seal,
      history: seal === plainCookies ? undefined : new CookieHistory(),
      emit: (event) => this.emit(event),
      accepts: () => this.engine.acceptsSessions,
      onSessions: (count) => this.#updateLoad(count),
    });
  }

  #updateLoad(sessions: number): void {
    const { policy } = this.engine.state;
    if (!('load' in policy) || !this.engine.acceptsSessions) return;
    const load = Math.round(Math.min(1, sessions / fullLoadSessions) * 0xffffffff);
    this.engine.updatePolicy({ ...policy, load } satisfies Policy);
  }
}
