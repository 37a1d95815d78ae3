import { EventEmitter } from 'node:events';
import { CookieHistory } from '@rserpool/core';
import type {
  Association,
  AssociationHandler,
  Endpoint,
  PoolElementEvent,
  PoolElementState,
  ServedSessionOptions,
} from '@rserpool/core';
import { CauseCode, poolHandle } from '@rserpool/wire';
import type { ErrorCause, IpAddress, MessageTransport, Policy } from '@rserpool/wire';
import { resolveRegistrars } from './client-options.ts';
import { deferred } from './deferred.ts';
import { startElementAgent } from './element-agent.ts';
import type { AgentObserver, AgentOptions, ElementAgent } from './element-agent.ts';
import { given } from './given.ts';
import { Network } from './network.ts';
import { cookieSeal } from './pool-element-options.ts';
import type { PoolElementOptions } from './pool-element-options.ts';
import { Recommendations } from './recommendations.ts';
import { ErrorCode, RSerPoolError } from './rserpool-error.ts';
import { ServedSession } from './served-session.ts';
import { udpPortOf } from './transports.ts';
import { startWorkerAgent } from './worker-agent.ts';

export interface PoolElementEvents {
  /** Everything about the registration. */
  event: [event: PoolElementEvent];
  /** A session began. */
  session: [session: ServedSession];
  /** `serve` threw; its session was aborted. */
  'serve-error': [error: unknown, session: ServedSession];
}

/** Associations above `maxSessions` that are told to try another element; still more are refused by the transport. */
const roomForRejections = 1_000;

function maxSessions(options: PoolElementOptions): number {
  return options.maxSessions ?? 10_000;
}

/**
 * A server of a pool: registered for as long as it lives, with a session for every user that connects. `register` and
 * `deregister` are the primitives of RFC 5352 sections 6.1 and 6.2.
 */
export class PoolElement extends EventEmitter<PoolElementEvents> {
  readonly #options: PoolElementOptions;
  readonly #network: Network;
  readonly #sessions = new Set<ServedSession>();
  readonly #sessionOptions: ServedSessionOptions;
  readonly #stopped = deferred();
  readonly #deregistered = deferred();
  readonly #recommendations: Recommendations | undefined;
  #agent: ElementAgent | undefined;
  #endpoint: Endpoint | undefined;
  #welcome = true;

  private constructor(options: PoolElementOptions, network: Network) {
    super();
    this.#options = options;
    this.#network = network;
    this.#sessionOptions = {
      host: network.host,
      poolHandle: poolHandle(options.pool),
      seal: cookieSeal(options.cookies),
      history: new CookieHistory(),
      ...given(options, ['profile', 'idleTimeoutMs']),
    };
    const { recommend = 0 } = options;
    if (recommend > 0) this.#recommendations = new Recommendations(options, recommend);
  }

  /**
   * Listens, registers and resolves when a registrar has accepted the registration.
   * @throws RSerPoolError listen-failed, registration-rejected, aborted, invalid-argument, transport-unavailable, worker-failed
   */
  static async register(options: PoolElementOptions): Promise<PoolElement> {
    options.signal?.throwIfAborted();
    const { listen = '127.0.0.1:0', asapListen, asapIn = 'main' } = options;
    const network = await Network.open(options, {
      limits: { maxAssociationsPerEndpoint: maxSessions(options) + roomForRejections },
      ...udpPortOf(asapIn === 'main' ? { listen, asapListen } : { listen }),
    });
    network.logChoice('pool element');
    const element = new PoolElement(options, network);
    const local = await network.resolve(listen, 'listen', 'any port');
    element.#endpoint = await network.listen(local, (association) => element.#accept(association));
    try {
      await element.#register(element.#endpoint.local);
    } catch (thrown) {
      element.#leave();
      throw RSerPoolError.from(thrown);
    }
    return element;
  }

  /** The element's identifier in its pool. */
  get id(): number {
    return this.state.elementId;
  }

  /** Where users connect to: `sctp://host:port`, or `tcp` or `tls`. */
  get address(): string {
    return this.#endpoint === undefined ? '' : this.#network.addressOf(this.#endpoint.local);
  }

  get state(): PoolElementState & { readonly sessions: number } {
    if (this.#agent === undefined) throw new RSerPoolError(ErrorCode.internal, 'pool element: not started');
    return { ...this.#agent.state, sessions: this.#sessions.size };
  }

  /** The sessions that are being served. */
  get sessions(): ReadonlySet<ServedSession> {
    return this.#sessions;
  }

  /** Tells the registrar new policy values, usually the load (RFC 5352 section 6.5.2). */
  updatePolicy(policy: Policy): void {
    this.#agent?.updatePolicy(policy);
  }

  /**
   * Takes no new sessions and deregisters; each session is told by its event 'drain'. After `timeoutMs` those that are left
   * are closed in order, so that their users go on elsewhere from their last state cookie.
   */
  async drain(timeoutMs = 10_000): Promise<void> {
    this.#welcome = false;
    this.#agent?.drain();
    const done = Promise.all([...this.#sessions].map((session) => sessionEnd(session)));
    for (const session of this.#sessions) session.emit('drain');
    const overdue = setTimeout(() => this.#sessions.forEach((session) => session.close()), timeoutMs);
    await Promise.all([done, this.#deregistered.promise]);
    clearTimeout(overdue);
    await this.deregister();
  }

  /** Deregisters, closes the sessions in order, and ends. */
  async deregister(): Promise<void> {
    this.#welcome = false;
    this.#agent?.stop();
    void this.#recommendations?.close();
    for (const session of this.#sessions) session.close();
    await Promise.all([...this.#sessions].map((session) => sessionEnd(session)));
    await this.#stopped.promise;
    this.#endpoint?.close();
  }

  /** Ends its sessions at once, as if it had died, and deregisters. */
  async abort(): Promise<void> {
    this.#leave();
    await this.#stopped.promise;
  }

  async #register(local: MessageTransport): Promise<void> {
    const { signal } = this.#options;
    const registered = deferred();
    const abort = (): void =>
      registered.reject(new RSerPoolError(ErrorCode.aborted, 'register: aborted', { cause: signal?.reason }));
    signal?.addEventListener('abort', abort, { once: true });
    this.#agent = await this.#startAgent(await this.#agentOptions(local), (event) => {
      if (event.type === 'registered') registered.resolve();
      else if (event.type === 'rejected') registered.reject(rejection(this.#options.pool, event.causes));
      else if (event.type === 'deregistered' || event.type === 'deregistration-failed')
        this.#deregistered.resolve();
      else if (event.type === 'stopped') {
        registered.reject(new RSerPoolError(ErrorCode.closed, 'register: ended before it was registered'));
        this.#deregistered.resolve();
        this.#stopped.resolve();
      }
      this.emit('event', event);
    });
    if (signal?.aborted === true) abort();
    await registered.promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  #startAgent(agent: AgentOptions, observe: AgentObserver): Promise<ElementAgent> {
    const { asapIn = 'main', asapListen } = this.#options;
    if (asapIn === 'main') return startElementAgent(this.#network, agent, observe);
    const network = given(this.#options, ['log', 'profile', 'transport', 'tls', 'timing']);
    const { peerUdpPorts } = this.#network;
    return startWorkerAgent(network, { ...udpPortOf({ asapListen }), peerUdpPorts }, agent, observe);
  }

  async #agentOptions(local: MessageTransport): Promise<AgentOptions> {
    const network = this.#network;
    const options = this.#options;
    const { asapListen, advertise } = options;
    const registrars = await resolveRegistrars(options, network);
    const resolveGiven = async (
      text: string | undefined,
      what: string,
      like: MessageTransport | undefined,
    ): Promise<MessageTransport | undefined> =>
      text === undefined ? undefined : network.resolve(text, what, 'any port', like);
    const asap =
      (await resolveGiven(asapListen, 'asapListen', registrars[0])) ??
      network.transportAt(asapAddresses(local, registrars), 0, registrars[0]);
    const reachedAt = await resolveGiven(advertise?.users, 'advertise.users', local);
    const asapReachedAt = await resolveGiven(advertise?.registrars, 'advertise.registrars', asap);
    return {
      asap,
      announce: options.announce,
      engine: {
        poolHandle: poolHandle(options.pool),
        policy: options.policy ?? { name: 'round-robin' },
        userTransport: { ...(reachedAt ?? local), use: 'data-control' },
        ...(asapReachedAt === undefined ? {} : { asapTransport: asapReachedAt }),
        registrars,
        ...given(options, [
          'elementId',
          'registrationLifeMs',
          'reregistrationIntervalMs',
          'minimumReregistrationIntervalMs',
          'registrationTimeoutMs',
          'deregistrationTimeoutMs',
          'huntTimeoutMs',
          'retryDelayMs',
          'maxRetryDelayMs',
          'lossJitterMs',
        ]),
      },
    };
  }

  #accept(association: Association): AssociationHandler {
    const session = new ServedSession(association, this.#sessionOptions);
    this.#sessions.add(session);
    session.once('end', () => this.#sessions.delete(session));
    if (!this.#welcome || this.#sessions.size > maxSessions(this.#options)) session.reject();
    else void this.#serve(session);
    return session.handler;
  }

  async #serve(session: ServedSession): Promise<void> {
    this.emit('session', session);
    if (this.#agent !== undefined) void this.#recommendations?.tell(session, this.id);
    try {
      await this.#options.serve(session);
    } catch (thrown) {
      if (session.signal.aborted) return; // most likely it sent to a session that was over
      session.abort();
      this.emit('serve-error', thrown, session);
    }
  }

  #leave(): void {
    this.#welcome = false;
    this.#endpoint?.close();
    this.#agent?.stop();
    void this.#recommendations?.close();
  }
}

/**
 * Those where users connect to. From a loopback address no registrar elsewhere can be reached: then any, so that the registrar can say
 * what is wrong with the user transport.
 */
function asapAddresses(
  { addresses }: MessageTransport,
  registrars: readonly MessageTransport[],
): readonly IpAddress[] {
  const elsewhere = registrars
    .flatMap((registrar) => registrar.addresses)
    .find((address) => !isLoopback(address));
  if (elsewhere === undefined || !addresses.every(isLoopback)) return addresses;
  return [elsewhere.includes(':') ? '::' : '0.0.0.0'];
}

function isLoopback(address: IpAddress): boolean {
  return address === '::1' || address.startsWith('127.');
}

function sessionEnd(session: ServedSession): Promise<void> {
  if (session.signal.aborted) return Promise.resolve();
  const end = deferred();
  session.once('end', () => end.resolve());
  return end.promise;
}

function rejection(pool: string, causes: readonly ErrorCause[]): RSerPoolError {
  const names = causes.map(
    ({ code }) =>
      Object.entries(CauseCode).find(([, value]) => value === code)?.[0] ?? `0x${code.toString(16)}`,
  );
  return new RSerPoolError(
    ErrorCode.registrationRejected,
    `pool '${pool}': the registrar refused: ${names.join(', ') || 'no cause given'}`,
  );
}
