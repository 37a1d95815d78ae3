import { EventEmitter } from 'node:events';
import { ServedSession as ServedSessionEngine } from '@rserpool/core';
import type {
  Association,
  AssociationHandler,
  CookieOrigin,
  DownReason,
  Message,
  ServedSessionOptions,
  StateRefusal,
} from '@rserpool/core';
import { WireEncodeError } from '@rserpool/wire';
import type { PoolElementParameter } from '@rserpool/wire';
import { addressText } from './address.ts';
import { applicationMessage, outgoingMessage } from './application-message.ts';
import type { ApplicationMessage, SendOptions } from './application-message.ts';
import { IncomingQueue } from './incoming-queue.ts';
import { ErrorCode, RSerPoolError } from './rserpool-error.ts';
import { SendQueue } from './send-queue.ts';

export interface ServedSessionEvents {
  /** The session began at another element, which left this state; `state` has it too. Comes before any message. */
  state: [state: Uint8Array, origin: CookieOrigin | undefined];
  /** The user brought a state that cannot be trusted. */
  'state-refused': [reason: StateRefusal];
  /** The element drains: save the state and close, or finish soon. */
  drain: [];
  /** The session is over here, with what the user did not get. */
  end: [reason: DownReason, undelivered: readonly Message[]];
}

const incomingHighWater = 256;

/** A session of a pool user with this pool element. Iterate over it to receive; the iteration ends with the session. */
export class ServedSession
  extends EventEmitter<ServedSessionEvents>
  implements AsyncIterable<ApplicationMessage>
{
  readonly #engine: ServedSessionEngine;
  readonly #incoming: IncomingQueue<ApplicationMessage>;
  readonly #sending: SendQueue;
  readonly #over = new AbortController();
  #state: Uint8Array | undefined;

  /** Made by {@link PoolElement} for every association. */
  constructor(association: Association, options: ServedSessionOptions) {
    super();
    this.#engine = new ServedSessionEngine(association, options, () => ({
      onState: (state, origin) => {
        this.#state = state;
        this.emit('state', state, origin);
      },
      onStateRefused: (reason) => this.emit('state-refused', reason),
      onMessage: (message) => this.#incoming.push(applicationMessage(message)),
      onWritable: () => this.#sending.onWritable(),
      onDown: (reason, undelivered) => {
        this.#incoming.end();
        this.#sending.end();
        this.#over.abort(new RSerPoolError(ErrorCode.closed, `the session is over: ${reason}`));
        this.emit('end', reason, undelivered);
      },
    }));
    this.#incoming = new IncomingQueue(incomingHighWater, this.#engine);
    this.#sending = new SendQueue((message) => (this.#engine.send(message) ? 'sent' : 'wait'));
  }

  /** What the transport calls. */
  get handler(): AssociationHandler {
    return this.#engine;
  }

  /**
   * The state that the element saved which served this session before; undefined when the session began here. Set before the
   * first message comes.
   */
  get state(): Uint8Array | undefined {
    return this.#state;
  }

  /** The user's address. */
  get peer(): string {
    return addressText(this.#engine.remote);
  }

  /** Fires when the session is over: stop working for it. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** Sends; resolves when there is room for more. @throws RSerPoolError closed when the session is over */
  send(data: Uint8Array | string, options: SendOptions = {}): Promise<void> {
    return this.#sending.send(outgoingMessage(data, options));
  }

  /**
   * Leaves a state with the user, as a state cookie: the next element goes on from it. The latest counts.
   * @throws RSerPoolError invalid-argument when it is too large for a cookie (64 KiB)
   */
  saveState(state: Uint8Array): void {
    if (this.#engine.sendCookie(state) === 'too-large') {
      throw new RSerPoolError(
        ErrorCode.invalidArgument,
        `session state: expected what fits into a cookie of 64 KiB, got ${state.length} bytes`,
      );
    }
  }

  /**
   * Recommends to the user where to go on when this element fails, best first: a business card (RFC 5352 section 3.9). The
   * latest counts; without elements none is sent.
   * @param elements as {@link PoolUser.resolve} gives them
   * @throws RSerPoolError invalid-argument when they do not fit into a message (64 KiB)
   */
  recommend(elements: readonly PoolElementParameter[]): void {
    try {
      this.#engine.sendBusinessCard(elements);
    } catch (cause) {
      if (!(cause instanceof WireEncodeError)) throw cause;
      throw new RSerPoolError(ErrorCode.invalidArgument, `recommend: ${cause.message}`, { cause });
    }
  }

  /** "Reject and try another": the user goes elsewhere, with all that it sent, and does not report this element. */
  reject(): void {
    this.#engine.reject();
  }

  /** Delivers what was sent, then ends. A user that is not done goes on at another element. */
  close(): void {
    this.#engine.close();
  }

  /** Ends at once. The user takes it for a failure of this element. */
  abort(): void {
    this.#engine.abort();
  }

  [Symbol.asyncIterator](): AsyncIterator<ApplicationMessage, undefined> {
    return this.#incoming;
  }
}
