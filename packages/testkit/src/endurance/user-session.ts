import { RSerPoolError } from 'rserpool';
import type { PoolUser, Session, SessionOptions } from 'rserpool';
import { RandomStream } from '../world/random-stream.ts';
import { RequestBook } from './request-book.ts';
import { noCounts } from './process-messages.ts';
import type { UserCounts, WritableCounts } from './process-messages.ts';

export interface UserSessionOptions {
  readonly pool: string;
  readonly seed: number;
  /** Independent of all others of the same seed. */
  readonly name: string;
  /** Between two requests. */
  readonly intervalMs: number;
  /** On their way at a time; no further ones are made before an answer comes. */
  readonly maxWaiting: number;
  /** A session is closed in order after so long and another one opened; Infinity for one that stays. */
  readonly lifeMs: number;
  readonly session: SessionOptions;
}

/** Not more often, so that several reasons to do so are one. */
const resendPauseMs = 300;

/** Keeps a session with the pool busy, one after another, and checks every answer. */
export class UserSessions {
  readonly #user: PoolUser;
  readonly #options: UserSessionOptions;
  readonly #random: RandomStream;
  readonly #counts = noCounts();
  readonly #stopping = new AbortController();
  #busy: BusySession | undefined;

  constructor(user: PoolUser, options: UserSessionOptions) {
    this.#user = user;
    this.#options = options;
    this.#random = new RandomStream(options.seed, options.name);
  }

  get counts(): UserCounts {
    const { longestPauseMs } = this.#counts;
    const pauseMs = this.#busy?.pauseMs ?? 0;
    return {
      ...this.#counts,
      waiting: this.#busy?.book.waitingCount ?? 0,
      longestPauseMs: Math.max(longestPauseMs, pauseMs),
    };
  }

  /** One session after the other, until `stop`. */
  async run(): Promise<void> {
    const { pool, lifeMs, session: sessionOptions } = this.#options;
    const { signal } = this.#stopping;
    while (!this.#isStopped()) {
      const session = await this.#user.openSession(pool, sessionOptions);
      this.#counts.sessions++;
      const busy = new BusySession(session, new RequestBook(this.#random), this.#options, this.#counts);
      this.#busy = busy;
      const enough = (): void => busy.finish();
      const life = lifeMs === Infinity ? undefined : setTimeout(enough, lifeMs);
      signal.addEventListener('abort', enough, { once: true });
      if (this.#isStopped()) enough();
      await busy.over;
      clearTimeout(life);
      signal.removeEventListener('abort', enough);
      this.#busy = undefined;
    }
  }

  /** Apart, because the compiler does not see that it changes while something is awaited. */
  #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** No more requests; `run` ends when all are answered. */
  stop(): void {
    this.#stopping.abort();
  }
}

/** One session. */
class BusySession {
  readonly book: RequestBook;
  /** Resolves when the session is closed. */
  readonly over: Promise<void>;
  readonly #session: Session;
  readonly #options: UserSessionOptions;
  readonly #counts: WritableCounts;
  readonly #timer: NodeJS.Timeout;
  #connected = true;
  #finishing = false;
  #answeredAtMs = performance.now();
  #resentAtMs = -Infinity;

  constructor(session: Session, book: RequestBook, options: UserSessionOptions, counts: WritableCounts) {
    this.book = book;
    this.#session = session;
    this.#options = options;
    this.#counts = counts;
    session.on('disconnect', () => (this.#connected = false));
    session.on('failover', () => {
      this.#connected = true;
      this.#counts.failovers++;
      this.#resend();
    });
    this.#timer = setInterval(() => this.#tick(), options.intervalMs);
    this.over = this.#receive();
  }

  /** How long the oldest request has been waiting while nothing was answered. */
  get pauseMs(): number {
    const sentAtMs = this.book.oldestSentAtMs();
    return sentAtMs === undefined ? 0 : performance.now() - Math.max(sentAtMs, this.#answeredAtMs);
  }

  /** Closes the session when all is answered. */
  finish(): void {
    this.#finishing = true;
    if (this.book.waitingCount === 0) this.#end();
  }

  #tick(): void {
    if (this.#finishing || this.book.waitingCount >= this.#options.maxWaiting) return;
    const request = this.book.next(performance.now());
    this.#counts.sent++;
    if (this.#connected) this.#transmit(request); // else with all others when there is an element again
  }

  #transmit(request: Uint8Array): void {
    // It can fail only because the session is over, which `#receive` hears of.
    this.#session.send(request).catch(() => undefined);
    this.#session.awaitReply(true);
  }

  #resend(): void {
    if (!this.#connected) return;
    const requests = this.book.unanswered();
    this.#resentAtMs = performance.now();
    this.#counts.resent += requests.length;
    for (const request of requests) this.#transmit(request);
  }

  async #receive(): Promise<void> {
    try {
      for await (const message of this.#session) this.#take(message.data);
    } catch (error) {
      if (!(error instanceof RSerPoolError)) throw error;
    }
    this.#end();
    // The end of a session tells that what has no answer has failed: whether the pool has counted it, nobody can say.
    this.#counts.reportedFailed += this.book.waitingCount;
  }

  #take(data: Uint8Array): void {
    const { pauseMs } = this;
    const verdict = this.book.take(data);
    switch (verdict) {
      case 'answered':
        this.#counts.longestPauseMs = Math.max(this.#counts.longestPauseMs, pauseMs);
        this.#answeredAtMs = performance.now();
        this.#counts.answered++;
        if (this.book.waitingCount === 0) this.#allAnswered();
        break;
      case 'repeated':
        this.#counts.repeated++;
        break;
      case 'corrupt':
        this.#counts.corrupt++;
        this.#session.failover(); // what this connection says is not to be trusted
        break;
      case 'gap':
        this.#counts.gaps++;
        if (performance.now() - this.#resentAtMs >= resendPauseMs) this.#resend();
        break;
      case 'state-lost':
        this.#counts.statesLost++;
        this.#end();
        break;
      case 'wrong':
        this.#counts.wrong++;
        this.#end();
        break;
    }
  }

  #allAnswered(): void {
    this.#session.awaitReply(false);
    if (this.#finishing) this.#end();
  }

  #end(): void {
    clearInterval(this.#timer);
    void this.#session.close();
  }
}
