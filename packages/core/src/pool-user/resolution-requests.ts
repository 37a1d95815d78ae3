import type { PoolHandle } from '@rserpool/wire';
import type { Host, Timer } from '../port/host.ts';
import type { RegistrarHunt } from '../registrar-hunt/registrar-hunt.ts';
import type { PoolUserSettings } from './pool-user-options.ts';
import { failedResolution } from './resolution.ts';
import type { Resolution } from './resolution.ts';

type Waiter = (resolution: Resolution) => void;

interface Request {
  readonly poolHandle: PoolHandle;
  readonly items: number | undefined;
  readonly waiters: Set<Waiter>;
  retransmissions: number;
  timer: Timer;
}

/**
 * Handle resolutions that wait for an answer (RFC 5352 sections 3.3 and 3.7.2). Responses carry no transaction identifier but the
 * pool handle, so there is one request per pool, which all who ask meanwhile share.
 */
export class ResolutionRequests {
  readonly #host: Host;
  readonly #settings: PoolUserSettings;
  readonly #hunt: RegistrarHunt;
  readonly #requests = new Map<PoolHandle, Request>();

  constructor(host: Host, settings: PoolUserSettings, hunt: RegistrarHunt) {
    this.#host = host;
    this.#settings = settings;
    this.#hunt = hunt;
  }

  get size(): number {
    return this.#requests.size;
  }

  /**
   * Asks, or joins the request that is out. Calls back once, unless cancelled before; inside this call only for
   * 'too-many-requests'.
   */
  ask(poolHandle: PoolHandle, items: number | undefined, onResult: Waiter): Timer {
    // A waiter of its own, so that the same function may wait twice.
    const waiter: Waiter = (resolution) => onResult(resolution);
    const request = this.#requests.get(poolHandle) ?? this.#open(poolHandle, items);
    if (request === undefined) waiter(failedResolution('too-many-requests'));
    else request.waiters.add(waiter);
    return { cancel: () => void request?.waiters.delete(waiter) };
  }

  /** Repeats all requests at the new home registrar (RFC 5352 section 3.7.1), in the time that they have left. */
  onHome(): void {
    for (const request of this.#requests.values()) this.#send(request);
  }

  /** Ends the request for a pool. @returns who waits for it; undefined when there is no request */
  take(poolHandle: PoolHandle): readonly Waiter[] | undefined {
    const request = this.#requests.get(poolHandle);
    if (request === undefined) return undefined;
    request.timer.cancel();
    this.#requests.delete(poolHandle);
    return [...request.waiters];
  }

  stop(): void {
    for (const poolHandle of [...this.#requests.keys()]) this.#fail(poolHandle, 'stopped');
  }

  #open(poolHandle: PoolHandle, items: number | undefined): Request | undefined {
    if (this.#requests.size >= this.#settings.maxOutstandingRequests) return undefined;
    const request = {
      poolHandle,
      items,
      waiters: new Set<Waiter>(),
      retransmissions: 0,
      timer: this.#startTimer(poolHandle),
    };
    this.#requests.set(poolHandle, request);
    this.#send(request);
    return request;
  }

  /** Without a home registrar nothing is sent, but T1 runs: so every request ends. */
  #send({ poolHandle, items }: Request): void {
    const { subscribe } = this.#settings;
    this.#hunt.home?.send({
      type: 'handle-resolution',
      poolHandle,
      subscribe,
      ...(items === undefined ? {} : { items }),
    });
  }

  #startTimer(poolHandle: PoolHandle): Timer {
    return this.#host.setTimer(this.#settings.requestTimeoutMs, () => this.#timedOut(poolHandle));
  }

  /** T1-ENRPrequest (RFC 5352 section 3.7.2). */
  #timedOut(poolHandle: PoolHandle): void {
    const request = this.#requests.get(poolHandle);
    if (request === undefined) return;
    this.#hunt.seekAnother();
    if (request.retransmissions >= this.#settings.maxRequestRetransmissions) {
      this.#fail(poolHandle, 'no-registrar');
      return;
    }
    request.retransmissions++;
    request.timer = this.#startTimer(poolHandle);
    this.#send(request);
  }

  #fail(poolHandle: PoolHandle, reason: 'no-registrar' | 'stopped'): void {
    for (const waiter of this.take(poolHandle) ?? []) waiter(failedResolution(reason));
  }
}
