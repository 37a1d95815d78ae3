import { EventEmitter } from 'node:events';
import { PolicyRegistry, PoolUserEngine, asapCodec, policyDefinitions } from '@rserpool/core';
import type {
  PolicyDefinition,
  PoolUserEvent,
  PoolUserOptions as EngineOptions,
  PoolUserState,
  Resolution,
} from '@rserpool/core';
import type { AnnounceGroup } from '@rserpool/transport';
import { poolHandle } from '@rserpool/wire';
import type { PoolElementParameter } from '@rserpool/wire';
import { openAsapGroup } from './announcements.ts';
import { resolveRegistrars } from './client-options.ts';
import type { ClientOptions } from './client-options.ts';
import { given } from './given.ts';
import { Network } from './network.ts';
import { ErrorCode, RSerPoolError } from './rserpool-error.ts';
import { Session } from './session.ts';
import type { SessionOptions } from './session.ts';
import { chooseTransport } from './transport-choice.ts';

export interface PoolUserOptions
  extends
    ClientOptions,
    Pick<
      EngineOptions,
      'staleCacheMs' | 'items' | 'subscribe' | 'requestTimeoutMs' | 'maxRequestRetransmissions'
    > {
  /** Policies of the application's own, for selection from the cache; the same as at the registrars. */
  readonly policies?: readonly PolicyDefinition[];
}

interface Started {
  readonly network: Network;
  readonly engine: PoolUserEngine;
}

/** The RFC's 15 s (RFC 5352 section 7.1) is long for a registrar that hangs. */
const requestTimeoutMs = 5_000;

/**
 * A client of pools: resolves pool handles and opens sessions. One is enough for a process. `resolve` and `reportFailure` are
 * the primitives of RFC 5352 sections 6.9.1 and 6.9.2.
 */
export class PoolUser extends EventEmitter<{ event: [event: PoolUserEvent] }> {
  readonly #options: PoolUserOptions;
  readonly #sessions = new Set<Session>();
  #started: Promise<Started> | undefined;
  #group: AnnounceGroup | undefined;
  #closed = false;

  /** Connects to a registrar when it is first needed. @throws RSerPoolError invalid-argument for a transport that cannot be */
  constructor(options: PoolUserOptions = {}) {
    super();
    chooseTransport(options);
    this.#options = options;
    options.signal?.addEventListener('abort', () => void this.close(), { once: true });
  }

  /**
   * The elements of a pool, in the order in which its policy would use them.
   * @throws RSerPoolError unknown-pool, no-element, no-registrar, aborted, closed, invalid-argument, transport-unavailable
   */
  async resolve(
    pool: string,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<readonly PoolElementParameter[]> {
    const { signal } = options;
    const { engine } = await this.#start();
    const resolution = await new Promise<Resolution>((resolve, reject) => {
      if (signal?.aborted === true) return reject(aborted(signal));
      const pending = engine.resolve(poolHandle(pool), (result) => {
        signal?.removeEventListener('abort', cancel);
        resolve(result);
      });
      const cancel = (): void => {
        pending.cancel();
        reject(aborted(signal));
      };
      signal?.addEventListener('abort', cancel, { once: true });
    });
    if (resolution.ok) return resolution.elements;
    throw resolutionError(pool, resolution);
  }

  /**
   * Opens a session with a pool and resolves when its first element is connected. Without `deadlineMs` or `signal` it waits
   * for as long as it takes.
   * @throws RSerPoolError as {@link resolve}
   */
  async openSession(pool: string, options: SessionOptions = {}): Promise<Session> {
    const { signal, ...engineOptions } = options;
    const { engine, network } = await this.#start();
    const session = new Session(
      {
        host: network.host,
        poolHandle: poolHandle(pool),
        selector: engine,
        connectElement: (remote, handler) => network.transport.connect(remote, handler),
        ...given(this.#options, ['profile']),
        ...engineOptions,
      },
      signal,
    );
    this.#sessions.add(session);
    session.once('close', () => this.#sessions.delete(session));
    await session.opened;
    return session;
  }

  /** Tells a registrar that an element could not be reached. Sessions do so by themselves. */
  async reportFailure(pool: string, elementId: number): Promise<void> {
    (await this.#start()).engine.reportFailure(poolHandle(pool), elementId);
  }

  /** @returns undefined before the first use */
  async state(): Promise<PoolUserState | undefined> {
    return (await this.#started)?.engine.state;
  }

  /** Closes its sessions in order, and the connection to the registrar. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#sessions].map((session) => session.close()));
    (await this.#started)?.engine.stop();
    this.#group?.close();
  }

  #start(): Promise<Started> {
    if (this.#closed) throw new RSerPoolError(ErrorCode.closed, 'pool user: used after it was closed');
    this.#started ??= this.#startNow();
    return this.#started;
  }

  async #startNow(): Promise<Started> {
    const network = await Network.open(this.#options);
    network.logChoice('pool user');
    const registrars = await resolveRegistrars(this.#options, network);
    const host = Object.assign(network.host, { connectRegistrar: network.connector(asapCodec) });
    const options = {
      registrars,
      requestTimeoutMs,
      policies: new PolicyRegistry([...policyDefinitions, ...(this.#options.policies ?? [])]),
      ...given(this.#options, [
        'staleCacheMs',
        'items',
        'subscribe',
        'requestTimeoutMs',
        'maxRequestRetransmissions',
        'huntTimeoutMs',
        'retryDelayMs',
        'maxRetryDelayMs',
        'lossJitterMs',
      ]),
    };
    const engine = new PoolUserEngine(host, options, (event) => this.emit('event', event));
    if (this.#options.announce !== undefined) {
      this.#group = await openAsapGroup(this.#options.announce, network, (announce, source) =>
        engine.serverAnnounced(announce, source),
      );
    }
    engine.start();
    return { network, engine };
  }
}

function aborted(signal: AbortSignal | undefined): RSerPoolError {
  return new RSerPoolError(ErrorCode.aborted, 'resolve: aborted', { cause: signal?.reason });
}

function resolutionError(pool: string, failed: Resolution & { ok: false }): RSerPoolError {
  switch (failed.reason) {
    case 'unknown-pool':
      return new RSerPoolError(
        ErrorCode.unknownPool,
        `pool '${pool}': unknown to the registrar; is an element registered?`,
      );
    case 'no-element':
      return new RSerPoolError(ErrorCode.noElement, `pool '${pool}': has no element`);
    case 'stopped':
      return new RSerPoolError(
        ErrorCode.closed,
        `pool '${pool}': the pool user was closed while it resolved`,
      );
    default:
      return new RSerPoolError(
        ErrorCode.noRegistrar,
        `pool '${pool}': no registrar answered (${failed.reason})`,
      );
  }
}
