import { EventEmitter } from 'node:events';
import { SessionEngine } from '@rserpool/core';
import type {
  FailoverCompleted,
  FailoverStarted,
  SessionClosed,
  SessionElement,
  SessionOptions as EngineOptions,
  SessionState,
} from '@rserpool/core';
import { applicationMessage, outgoingMessage } from './application-message.ts';
import type { ApplicationMessage, SendOptions } from './application-message.ts';
import { deferred } from './deferred.ts';
import { IncomingQueue } from './incoming-queue.ts';
import { ErrorCode, RSerPoolError } from './rserpool-error.ts';
import { SendQueue } from './send-queue.ts';

/** How a session behaves; every time in milliseconds. Defaults: see core's session options. */
export type SessionOptions = Pick<
  EngineOptions,
  | 'connectTimeoutMs'
  | 'deadlineMs'
  | 'silenceTimeoutMs'
  | 'retryDelayMs'
  | 'avoidFailedElementMs'
  | 'maxQueuedMessages'
  | 'maxQueuedBytes'
  | 'resend'
  | 'maxDeliveryAttempts'
> & {
  /** Gives up opening, and aborts the session once it is open. */
  readonly signal?: AbortSignal;
};

export interface SessionEvents {
  /** The first element is connected. */
  open: [element: SessionElement];
  /** The element was left, with the messages that it did not get; the search for another one has begun. */
  disconnect: [event: FailoverStarted];
  /** Another element is connected, the cookie echoed, waiting messages sent. */
  failover: [event: FailoverCompleted];
  /** A state cookie of so many bytes came and is stored. */
  cookie: [sizeBytes: number];
  /** The session is over: by close, abort, or because no element was found before the deadline. */
  close: [event: SessionClosed];
}

const incomingHighWater = 256;

/**
 * A session with a pool: goes on at another element when one fails. Iterate over it to receive. Of RFC 5352: sends to a pool
 * handle (section 6.5.1), receives (section 6.6), and tells by 'disconnect' what was not delivered (section 6.7).
 */
export class Session extends EventEmitter<SessionEvents> implements AsyncIterable<ApplicationMessage> {
  readonly #engine: SessionEngine;
  readonly #incoming: IncomingQueue<ApplicationMessage>;
  readonly #sending: SendQueue;
  readonly #opened: Promise<void>;
  readonly #closed: Promise<void>;

  /** Use {@link PoolUser.openSession}. */
  constructor(options: EngineOptions, signal: AbortSignal | undefined) {
    super();
    const opened = deferred();
    const closed = deferred();
    this.#opened = opened.promise;
    this.#closed = closed.promise;
    this.#opened.catch(() => undefined); // who waits for it hears of it; who does not is told by 'close'
    this.#engine = new SessionEngine(options, {
      onOpen: (element) => {
        opened.resolve();
        this.emit('open', element);
      },
      onMessage: (message) => this.#incoming.push(applicationMessage(message)),
      onFailover: (event) => this.emit('disconnect', event),
      onResumed: (event) => this.emit('failover', event),
      onCookie: (sizeBytes) => this.emit('cookie', sizeBytes),
      onCookieRejected: () => undefined, // logged by the engine; the stored cookie stays
      onWritable: () => this.#sending.onWritable(),
      onClosed: (event) => {
        const error = closedError(event, signal);
        opened.reject(
          error ?? new RSerPoolError(ErrorCode.closed, 'the session was closed before it was open'),
        );
        this.#incoming.end(error);
        this.#sending.end(error);
        closed.resolve();
        this.emit('close', event);
      },
    });
    this.#incoming = new IncomingQueue(incomingHighWater, this.#engine);
    this.#sending = new SendQueue((message) => this.#engine.send(message));
    const abort = (): void => this.#engine.abort();
    signal?.addEventListener('abort', abort, { once: true });
    void this.#closed.then(() => signal?.removeEventListener('abort', abort));
    this.#engine.open();
    if (signal?.aborted === true) abort();
  }

  /** Resolves when the first element is connected. */
  get opened(): Promise<void> {
    return this.#opened;
  }

  get state(): SessionState {
    return this.#engine.state;
  }

  /**
   * Sends; resolves when there is room for more. That the element has acted on it, only its reply tells.
   * @throws RSerPoolError closed or another code when the session ended before the message was taken
   */
  send(data: Uint8Array | string, options: SendOptions = {}): Promise<void> {
    return this.#sending.send(outgoingMessage(data, options));
  }

  /** Says that a reply is due, so that `silenceTimeoutMs` runs while none comes. */
  awaitReply(awaiting: boolean): void {
    this.#engine.awaitReply(awaiting);
  }

  /** Leaves the element and goes on at another one. */
  failover(): void {
    this.#engine.failover();
  }

  /** Delivers what was sent, then ends. */
  close(): Promise<void> {
    this.#engine.close();
    return this.#closed;
  }

  /** Ends at once. */
  abort(): void {
    this.#engine.abort();
  }

  /** Messages in order. Ends when the session was closed; throws an RSerPoolError when it failed. */
  [Symbol.asyncIterator](): AsyncIterator<ApplicationMessage, undefined> {
    return this.#incoming;
  }
}

function closedError(event: SessionClosed, signal: AbortSignal | undefined): RSerPoolError | undefined {
  switch (event.code) {
    case 'closed':
      return undefined;
    case 'aborted':
      return new RSerPoolError(ErrorCode.aborted, 'the session was aborted', { cause: signal?.reason });
    case 'unknown-pool':
      return new RSerPoolError(
        ErrorCode.unknownPool,
        'no registrar knows the pool: is an element registered?',
      );
    case 'no-element':
      return new RSerPoolError(
        ErrorCode.noElement,
        'no element of the pool could be reached before the deadline',
      );
    case 'no-registrar':
      return new RSerPoolError(ErrorCode.noRegistrar, 'no registrar answered before the deadline');
  }
}
