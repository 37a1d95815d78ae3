import type { PoolElementParameter, PoolHandle } from '@rserpool/wire';
import type { Host, Timer } from '../port/host.ts';
import type { DownReason } from '../port/channel.ts';
import { ElementConnection } from './element-connection.ts';
import type { ElementConnector } from './element-connection.ts';
import type { ElementSelector, SelectedElement, Selection, SelectionFailure } from './element-selector.ts';

/** All times in milliseconds. */
export interface ElementSearchOptions {
  readonly host: Host;
  readonly poolHandle: PoolHandle;
  readonly selector: ElementSelector;
  readonly connectElement: ElementConnector;
  /** For one element. */
  readonly connectTimeoutMs: number;
  /** Wait when no element is left to try: doubled from `min` to `max`, and shortened at random by up to half. */
  readonly retryDelayMs: { readonly min: number; readonly max: number };
  /** How long a search may take; Infinity for as long as it takes. */
  readonly deadlineMs: number;
  /** How long an element that failed is avoided while there are others. */
  readonly avoidFailedElementMs: number;
}

export interface ElementSearchOwner {
  /** The connection is up and the owner's. The search pauses. */
  onFound(connection: ElementConnection): void;
  /** The deadline has passed. */
  onGivenUp(reason: SelectionFailure): void;
}

/**
 * Looks for an element that a session can connect to. It goes in rounds: every element that the pool user selects is tried
 * once; when all are to be avoided it waits, and then none is.
 *
 * A search is over only when the element proves useful ({@link ElementSearch.succeeded}): elements that accept and then
 * reject are part of it, so that a pool of those is not asked ever faster, nor for longer than the deadline.
 */
export class ElementSearch {
  readonly #options: ElementSearchOptions;
  readonly #owner: ElementSearchOwner;
  /** By element identifier: when it failed. */
  readonly #avoided = new Map<number, number>();
  #preferred: readonly PoolElementParameter[] = [];
  #roundsWithoutSuccess = 0;
  #beganAtMs: number | undefined;
  #lastFailure: SelectionFailure = 'no-element';
  /** What the search waits for; at most one of the next three is set. */
  #selection: Timer | undefined;
  #attempt: ElementConnection | undefined;
  #retryTimer: Timer | undefined;
  #attemptTimer: Timer | undefined;
  #deadlineTimer: Timer | undefined;

  constructor(options: ElementSearchOptions, owner: ElementSearchOwner) {
    this.#options = options;
    this.#owner = owner;
  }

  /** Begins, or goes on after an element was found that was of no use. */
  start(): void {
    const { host, deadlineMs } = this.#options;
    if (this.#beganAtMs === undefined) {
      this.#beganAtMs = host.nowMs();
      this.#forgetOldFailures();
    }
    if (deadlineMs !== Infinity) {
      const leftMs = Math.max(0, this.#beganAtMs + deadlineMs - host.nowMs());
      this.#deadlineTimer = host.setTimer(leftMs, () => {
        this.stop();
        this.#owner.onGivenUp(this.#lastFailure);
      });
    }
    this.#next();
  }

  /** Stops; nothing is called back any more until it is started again. */
  stop(): void {
    this.#settle();
    this.#deadlineTimer?.cancel();
  }

  /** The element found is of use: the next search starts afresh. */
  succeeded(): void {
    this.#roundsWithoutSuccess = 0;
    this.#beganAtMs = undefined;
  }

  /** Do not try this element for a while, unless there is no other. */
  avoid(elementId: number): void {
    this.#avoided.set(elementId, this.#options.host.nowMs());
  }

  /** Try these first and in this order: a business card's (RFC 5352 section 3.9, BC2). */
  prefer(elements: readonly PoolElementParameter[]): void {
    this.#preferred = elements;
  }

  /** Identifiers of those to try first, in their order. */
  get preferred(): readonly number[] {
    return this.#preferred.map(({ elementId }) => elementId);
  }

  #next(): void {
    const { poolHandle, selector } = this.#options;
    const exclude: ReadonlySet<number> = new Set(this.#avoided.keys());
    const preferred = this.#preferred.find(({ elementId }) => !exclude.has(elementId));
    if (preferred !== undefined) {
      this.#try(preferred);
      return;
    }
    this.#selection = selector.select(poolHandle, (result) => this.#selected(result, exclude), { exclude });
  }

  #selected(selection: Selection, exclude: ReadonlySet<number>): void {
    if (!selection.ok) this.#lastFailure = selection.reason;
    else if (exclude.has(selection.element.elementId)) this.#lastFailure = 'no-element';
    else {
      this.#try(selection.element);
      return;
    }
    this.#endRound();
  }

  #try({ elementId, userTransport }: SelectedElement): void {
    this.#lastFailure = 'no-element'; // unless this one comes up
    const { host, connectElement, connectTimeoutMs } = this.#options;
    if (userTransport.protocol !== 'sctp' && userTransport.protocol !== 'tcp') {
      host.log('warn', 'element has no transport for sessions', {
        elementId,
        protocol: userTransport.protocol,
      });
      this.avoid(elementId);
      this.#retryTimer = host.setTimer(0, () => this.#next()); // not at once: a pool of those would nest calls without end
      return;
    }
    const connection = new ElementConnection({ elementId, transport: userTransport }, connectElement, {
      onUp: () => {
        this.#attempt = undefined;
        this.stop();
        this.#owner.onFound(connection);
      },
      onMessage: () => undefined, // none before it is up
      onWritable: () => undefined, // nothing was sent yet
      onDown: (reason) => this.#attemptFailed(elementId, reason),
    });
    this.#attempt = connection;
    this.#attemptTimer = host.setTimer(connectTimeoutMs, () => {
      connection.discard();
      this.#attemptFailed(elementId, 'timeout');
    });
  }

  #attemptFailed(elementId: number, reason: DownReason | 'timeout'): void {
    const { host, poolHandle, selector } = this.#options;
    host.log('info', 'connecting to element failed', { elementId, reason });
    this.#attemptTimer?.cancel();
    this.#attempt = undefined;
    this.avoid(elementId);
    selector.reportFailure(poolHandle, elementId);
    this.#next();
  }

  #endRound(): void {
    const { host, retryDelayMs } = this.#options;
    const fullMs = Math.min(retryDelayMs.max, retryDelayMs.min * 2 ** this.#roundsWithoutSuccess);
    this.#roundsWithoutSuccess++;
    const delayMs = fullMs * (0.5 + host.randomUint32() / 2 ** 33);
    host.log('info', 'no element to connect to, waiting', { reason: this.#lastFailure, delayMs });
    this.#retryTimer = host.setTimer(delayMs, () => {
      this.#avoided.clear();
      this.#next();
    });
  }

  #forgetOldFailures(): void {
    const sinceMs = this.#options.host.nowMs() - this.#options.avoidFailedElementMs;
    for (const [elementId, failedAtMs] of this.#avoided) {
      if (failedAtMs <= sinceMs) this.#avoided.delete(elementId);
    }
  }

  #settle(): void {
    this.#selection?.cancel();
    this.#selection = undefined;
    this.#retryTimer?.cancel();
    this.#attemptTimer?.cancel();
    const attempt = this.#attempt;
    this.#attempt = undefined;
    attempt?.discard();
  }
}
