import { ServedSession } from '@rserpool/core';
import type {
  Association,
  CookieHistory,
  CookieSeal,
  DownReason,
  Message,
  ServedSessionHandler,
  StateRefusal,
} from '@rserpool/core';
import type { PoolElementParameter, PoolHandle } from '@rserpool/wire';
import type { RandomStream } from '../world/random-stream.ts';
import type { VirtualHost } from '../world/virtual-host.ts';
import { connectionName, numbered, requestMessage, textMessage } from './request-message.ts';

/** Whose session it is. */
export interface ServedSessionName {
  /** Counts the sessions of the process. */
  readonly session: number;
  /** Names the user's session, which goes on over failovers; '' until the user has told. */
  readonly lineage: string;
  /** The user's end of this connection. */
  readonly via: string;
}

/** What a service tells of its sessions. */
export type ServiceEvent =
  | (ServedSessionName & {
      readonly type: 'session-accepted' | 'session-rejected' | 'session-handed-over';
    })
  | (ServedSessionName & { readonly type: 'state-restored'; readonly count: number })
  | (ServedSessionName & { readonly type: 'state-refused'; readonly reason: StateRefusal })
  /** Done now, and never again: its number is in the cookie that goes out before the answer. */
  | (ServedSessionName & { readonly type: 'request-executed'; readonly request: number })
  /** The cookie says that it was done already. */
  | (ServedSessionName & { readonly type: 'request-repeated'; readonly request: number })
  /** A request that comes before the one that is due: the cookie is older than the user's answers. */
  | (ServedSessionName & {
      readonly type: 'request-gap';
      readonly request: number;
      readonly count: number;
    })
  | (ServedSessionName & { readonly type: 'session-down'; readonly reason: DownReason });

export interface CountingServiceOptions {
  /** How long a request takes, uniformly distributed. Default 0 to 20 ms. */
  readonly serviceTimeMs?: { readonly min: number; readonly max: number };
  /** That a new session is sent to another element. Default 0. */
  readonly rejectProbability?: number;
  /** That a session is handed over after an answer. Default 0. */
  readonly handOverProbability?: number;
  /** Recommended to every user, best first (RFC 5352 section 3.9). Default: none. */
  readonly businessCard?: readonly PoolElementParameter[];
}

/** What a service has of its process. */
export interface ServiceContext extends Required<CountingServiceOptions> {
  readonly host: VirtualHost;
  readonly random: RandomStream;
  readonly poolHandle: PoolHandle;
  readonly seal: CookieSeal;
  readonly history: CookieHistory | undefined;
  readonly emit: (event: ServiceEvent) => void;
  /** Draining: new sessions are sent elsewhere. */
  readonly accepts: () => boolean;
  /** Told how many sessions there are, when that has changed. */
  readonly onSessions: (count: number) => void;
}

/**
 * Executes the numbered requests of each session in order, and each once: the state is the number of the last one executed. It
 * goes to the user as a cookie before the answer, so that whoever has the answer has the state too.
 */
export class CountingService {
  readonly #context: ServiceContext;
  readonly #sessions = new Set<CountingSession>();
  #nextNumber = 1;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  accept(association: Association): ServedSession {
    const { host, poolHandle, seal, history, businessCard } = this.#context;
    const options = { host, poolHandle, seal, businessCard, ...(history === undefined ? {} : { history }) };
    return new ServedSession(association, options, (session) => this.#begin(session));
  }

  /** Moves every session to another element, for draining. */
  handOverAll(): void {
    for (const session of this.#sessions) session.handOver();
  }

  #begin(session: ServedSession): CountingSession {
    const counting = new CountingSession(session, this.#nextNumber++, this.#context, () => {
      this.#sessions.delete(counting);
      this.#context.onSessions(this.#sessions.size);
    });
    this.#sessions.add(counting);
    this.#context.onSessions(this.#sessions.size);
    return counting;
  }
}

class CountingSession implements ServedSessionHandler {
  readonly #session: ServedSession;
  readonly #number: number;
  readonly #via: string;
  readonly #context: ServiceContext;
  readonly #onDown: () => void;
  readonly #waiting: number[] = [];
  #busy = false;
  #count = 0;
  #lineage = '';

  constructor(session: ServedSession, number: number, context: ServiceContext, onDown: () => void) {
    this.#session = session;
    this.#number = number;
    this.#via = connectionName(session.remote);
    this.#context = context;
    this.#onDown = onDown;
    const rejected = !context.accepts() || this.#chance(context.rejectProbability);
    if (rejected) session.reject();
    context.emit({ type: rejected ? 'session-rejected' : 'session-accepted', ...this.#name() });
  }

  handOver(): void {
    if (this.#lineage === '') {
      this.#session.reject(); // whatever state it has, its user has as well; a cookie would be in place of a better one
    } else if (this.#session.handOver(requestMessage(this.#count, this.#lineage).data) === 'sent') {
      this.#context.emit({ type: 'session-handed-over', ...this.#name() });
    }
  }

  onState(state: Uint8Array): void {
    const { number, lineage } = numbered(state);
    this.#count = number;
    this.#lineage = lineage;
    this.#context.emit({ type: 'state-restored', count: number, ...this.#name() });
  }

  onStateRefused(reason: StateRefusal): void {
    this.#context.emit({ type: 'state-refused', reason, ...this.#name() });
  }

  onMessage({ data }: Message): void {
    const { number, lineage } = numbered(data);
    this.#lineage = lineage;
    this.#waiting.push(number);
    if (!this.#busy) this.#next();
  }

  onWritable(): void {
    // Answers are few and small: nothing waits for room.
  }

  onDown(reason: DownReason): void {
    this.#waiting.length = 0;
    this.#context.emit({ type: 'session-down', reason, ...this.#name() });
    this.#onDown();
  }

  #next(): void {
    const request = this.#waiting.shift();
    this.#busy = request !== undefined;
    if (request === undefined) return;
    const { host, random, serviceTimeMs } = this.#context;
    host.setTimer(random.nextBetween(serviceTimeMs.min, serviceTimeMs.max), () => {
      this.#execute(request);
      this.#next();
    });
  }

  #execute(request: number): void {
    const { emit, handOverProbability } = this.#context;
    if (request > this.#count + 1) {
      emit({ type: 'request-gap', request, count: this.#count, ...this.#name() });
      return;
    }
    if (request > this.#count) {
      this.#count = request;
      emit({ type: 'request-executed', request, ...this.#name() });
      this.#session.sendCookie(requestMessage(request, this.#lineage).data);
    } else emit({ type: 'request-repeated', request, ...this.#name() });
    this.#session.send(textMessage(`answer ${request}`));
    if (this.#chance(handOverProbability)) this.handOver();
  }

  #name(): ServedSessionName {
    return { session: this.#number, lineage: this.#lineage, via: this.#via };
  }

  #chance(probability: number): boolean {
    return probability > 0 && this.#context.random.nextBetween(0, 1) < probability;
  }
}
