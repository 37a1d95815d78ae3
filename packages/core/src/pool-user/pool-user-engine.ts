import { CauseCode } from '@rserpool/wire';
import type {
  AsapMessage,
  HandleResolutionResponse,
  MessageTransport,
  PoolHandle,
  ServerAnnounce,
} from '@rserpool/wire';
import { standardPolicies } from '../policies/standard-policies.ts';
import type { Channel } from '../port/channel.ts';
import type { Host, Timer } from '../port/host.ts';
import { RegistrarHunt } from '../registrar-hunt/registrar-hunt.ts';
import type { RegistrarUserHost } from '../registrar-hunt/registrar-hunt-options.ts';
import type { ElementSelector, Selection } from '../session/element-selector.ts';
import { FailureReports } from './failure-reports.ts';
import { PoolCache } from './pool-cache.ts';
import type { PoolUserEvent } from './pool-user-event.ts';
import { poolUserDefaults } from './pool-user-options.ts';
import type { PoolUserOptions, PoolUserSettings } from './pool-user-options.ts';
import { failedResolution } from './resolution.ts';
import type { Resolution } from './resolution.ts';
import { ResolutionRequests } from './resolution-requests.ts';

/** A look at a pool user. */
export interface PoolUserState {
  readonly phase: 'new' | 'hunting' | 'connected' | 'stopped';
  readonly home: MessageTransport | undefined;
  readonly outstandingRequests: number;
  readonly cachedPools: number;
}

const nothingToCancel: Timer = { cancel: () => undefined };
const none: ReadonlySet<number> = new Set();

/**
 * The ASAP side of a pool user (RFC 5352 sections 3 and 4): resolves pool handles at a registrar, selects elements by the pools'
 * policies and reports those that are unreachable.
 */
export class PoolUserEngine implements ElementSelector {
  readonly #host: Host;
  readonly #settings: PoolUserSettings;
  readonly #hunt: RegistrarHunt;
  readonly #requests: ResolutionRequests;
  readonly #cache: PoolCache;
  readonly #reports: FailureReports;
  readonly #observe: (event: PoolUserEvent) => void;
  #phase: 'new' | 'running' | 'stopped' = 'new';

  /** @param observe may call the engine */
  constructor(host: RegistrarUserHost, options: PoolUserOptions, observe: (event: PoolUserEvent) => void) {
    this.#host = host;
    this.#settings = { ...poolUserDefaults, ...options, policies: options.policies ?? standardPolicies() };
    this.#observe = observe;
    this.#hunt = new RegistrarHunt(host, this.#settings, {
      onHome: (channel) => this.#onHome(channel),
      onLost: () => this.#observe({ type: 'home-lost' }),
      onMessage: (message) => this.#onMessage(message),
    });
    this.#requests = new ResolutionRequests(host, this.#settings, this.#hunt);
    this.#cache = new PoolCache(host, this.#settings);
    this.#reports = new FailureReports(this.#hunt, this.#settings.maxFailureReports);
  }

  get state(): PoolUserState {
    const home = this.#hunt.home?.remote;
    const running = home === undefined ? 'hunting' : 'connected';
    return {
      phase: this.#phase === 'running' ? running : this.#phase,
      home,
      outstandingRequests: this.#requests.size,
      cachedPools: this.#cache.poolCount,
    };
  }

  /** Begins to look for a registrar. Once. */
  start(): void {
    if (this.#phase !== 'new') return;
    this.#phase = 'running';
    this.#hunt.start();
  }

  /** What waits for an answer fails with 'stopped'. */
  stop(): void {
    if (this.#phase === 'stopped') return;
    this.#phase = 'stopped';
    this.#hunt.stop();
    this.#cache.close();
    this.#requests.stop();
  }

  /**
   * Resolves a pool handle (RFC 5352 section 3.3), from the cache where it is not stale.
   * @param onResult called once, unless cancelled before; perhaps inside this call
   */
  resolve(poolHandle: PoolHandle, onResult: (resolution: Resolution) => void): Timer {
    if (this.#phase === 'stopped') {
      onResult(failedResolution('stopped'));
      return nothingToCancel;
    }
    const elements = this.#isFresh(poolHandle) ? this.#cache.select(poolHandle) : [];
    if (elements.length === 0) return this.#requests.ask(poolHandle, this.#settings.items, onResult);
    onResult({ ok: true, elements });
    return nothingToCancel;
  }

  /**
   * Selects one element by the pool's policy, asking a registrar where the cache is stale or has none that will do. When no
   * registrar answers, a stale cache is better than nothing.
   * @param onResult called once, unless cancelled before; perhaps inside this call
   * @param options.exclude identifiers of elements that will not do
   */
  select(
    poolHandle: PoolHandle,
    onResult: (selection: Selection) => void,
    options: { readonly exclude: ReadonlySet<number> } = { exclude: none },
  ): Timer {
    const cached = this.#isFresh(poolHandle) ? this.#cache.pick(poolHandle, options.exclude) : undefined;
    if (cached === undefined && this.#phase !== 'stopped') {
      return this.#askForOne(poolHandle, onResult, options.exclude);
    }
    onResult(cached === undefined ? { ok: false, reason: 'no-registrar' } : { ok: true, element: cached });
    return nothingToCancel;
  }

  /**
   * Resolves the pool where the cache has no entry (RFC 5352 section 3.9, BC1). An entry stays as it is: a registrar knows
   * better than a business card.
   */
  prepare(poolHandle: PoolHandle): void {
    if (this.#phase === 'stopped' || this.#cache.has(poolHandle)) return;
    this.#requests.ask(poolHandle, this.#settings.items, () => undefined);
  }

  /**
   * An element is unreachable: forgets it and reports it (RFC 5352 section 3.5). To be called once for each failure to reach
   * an element that `select` or `resolve` gave; more calls before a registrar lists it again do nothing.
   */
  reportFailure(poolHandle: PoolHandle, elementId: number): void {
    this.#cache.remove(poolHandle, elementId);
    if (this.#phase !== 'stopped') this.#reports.report(poolHandle, elementId);
  }

  /** An announce that was heard by multicast. */
  serverAnnounced(message: ServerAnnounce, source: MessageTransport): void {
    this.#hunt.serverAnnounced(message, source);
  }

  #isFresh(poolHandle: PoolHandle): boolean {
    return this.#cache.isFresh(poolHandle, this.#hunt.home !== undefined);
  }

  #askForOne(
    poolHandle: PoolHandle,
    onResult: (selection: Selection) => void,
    exclude: ReadonlySet<number>,
  ): Timer {
    let waiting = nothingToCancel;
    const ask = (items: number | undefined): void => {
      waiting = this.#requests.ask(poolHandle, items, (resolution) => {
        const element = this.#cache.pick(poolHandle, exclude);
        if (element !== undefined) onResult({ ok: true, element });
        else if (!resolution.ok) onResult({ ok: false, reason: selectionFailure(resolution) });
        else if (items !== Infinity && exclude.size > 0)
          ask(Infinity); // there may be more than it listed
        else onResult({ ok: false, reason: 'no-element' });
      });
    };
    ask(this.#settings.items);
    return { cancel: () => waiting.cancel() };
  }

  #onHome(channel: Channel<AsapMessage>): void {
    this.#requests.onHome();
    this.#reports.onHome();
    // RFC 5352 section 2.2.5: registrars do not tell each other of subscriptions.
    for (const poolHandle of this.#cache.endSubscriptions()) {
      this.#requests.ask(poolHandle, this.#settings.items, () => undefined);
    }
    this.#observe({ type: 'home-found', registrar: channel.remote });
  }

  #onMessage(message: AsapMessage): void {
    if (message.type === 'handle-resolution-response') this.#onResponse(message);
    else if (message.type === 'error') this.#observe({ type: 'error-message', causes: message.causes });
    else this.#host.log('debug', 'message ignored', { type: message.type, reason: 'not for a pool user' });
  }

  /**
   * A change of a subscribed pool; or an answer that came too late for who waited: the home registrar then sends changes, and what is
   * cached is older than it.
   */
  #follows({ poolHandle, subscribed }: HandleResolutionResponse): boolean {
    if (this.#cache.isSubscribed(poolHandle)) return true;
    return subscribed && this.#settings.subscribe && this.#cache.has(poolHandle);
  }

  #onResponse(response: HandleResolutionResponse): void {
    const { poolHandle } = response;
    const waiters = this.#requests.take(poolHandle);
    if (waiters === undefined && !this.#follows(response)) {
      this.#host.log('debug', 'message ignored', { type: response.type, reason: 'not asked for' });
      return;
    }
    const resolution = resolutionOf(response);
    if (!resolution.ok && resolution.reason === 'rejected') {
      this.#host.log('warn', 'handle resolution rejected', {
        codes: resolution.causes.map(({ code }) => code),
      });
      this.#hunt.seekAnother();
    } else {
      this.#hunt.homeServed();
      if (!resolution.ok) this.#cache.forget(poolHandle);
      else if (waiters === undefined) this.#cache.changed(response);
      else this.#cache.resolved(response);
    }
    for (const { elementId } of response.elements) this.#reports.listed(poolHandle, elementId);
    for (const waiter of waiters ?? []) waiter(resolution);
  }
}

function resolutionOf({ elements, causes }: HandleResolutionResponse): Resolution {
  if (causes.some(({ code }) => code === CauseCode.unknownPoolHandle)) {
    return { ok: false, reason: 'unknown-pool', causes };
  }
  if (causes.length > 0) return { ok: false, reason: 'rejected', causes };
  // RFC 5352 section 2.2.6 asks for one element at least; a pool without any is as good as none.
  return elements.length === 0 ? failedResolution('no-element') : { ok: true, elements };
}

function selectionFailure({ reason }: Resolution & { ok: false }): (Selection & { ok: false })['reason'] {
  return reason === 'unknown-pool' || reason === 'no-element' ? reason : 'no-registrar';
}
