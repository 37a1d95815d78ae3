import { EventEmitter } from 'node:events';
import { decodePingPong, encodePingPong, pingPongPpid } from '@rserpool/wire';
import { type PoolUser, RSerPoolError, type Session, type SessionOptions } from 'rserpool';
import { type PingAnswer, type PingFailover, PingLedger, type PingSummary } from './ping-ledger.ts';
import { pingPongPool } from './protocol.ts';

export interface PingPongClientOptions {
  readonly user: PoolUser;
  /** Default: RSPLIB's. */
  readonly pool?: string;
  /** Between two pings. Default 500, as RSPLIB. */
  readonly intervalMs?: number;
  /** Pings to send. Default: until `stop`. */
  readonly count?: number;
  /** An element that answers nothing for so long, while a ping waits, is left for another. Default 2,000. */
  readonly silenceTimeoutMs?: number;
  /** How long the last answers are waited for; what has none then is lost. Default 10,000. */
  readonly lastAnswerTimeoutMs?: number;
  /** Data in each ping. Default 0. */
  readonly dataBytes?: number;
  /** How the session behaves otherwise. */
  readonly session?: Omit<SessionOptions, 'resend' | 'silenceTimeoutMs' | 'signal'>;
}

export interface PingPongClientEvents {
  /** The first element is connected. */
  open: [elementId: number];
  answer: [answer: PingAnswer];
  /** The element was left; pings are kept until there is another. */
  disconnect: [elementId: number, reason: string];
  failover: [failover: PingFailover];
}

/** How a run of the client ended. */
export interface PingRun extends PingSummary {
  /** Why the session ended before its time. */
  readonly error: RSerPoolError | undefined;
}

/** Sends pings over one session with the pool, and books what becomes of them: none may be lost whatever element dies. */
export class PingPongClient extends EventEmitter<PingPongClientEvents> {
  readonly #options: PingPongClientOptions;
  readonly #ledger = new PingLedger();
  readonly #data: Uint8Array;
  readonly #opening = new AbortController();
  readonly #stopping = new AbortController();
  #elementId = 0;
  #isOpen = false;
  #connected = false;
  #onAnswered: () => void = () => undefined;

  constructor(options: PingPongClientOptions) {
    super();
    this.#options = options;
    this.#data = new Uint8Array(options.dataBytes ?? 0);
  }

  /** So far. */
  get summary(): PingSummary {
    return this.#ledger.summary();
  }

  /** No more pings; `run` ends when all are answered, or after `lastAnswerTimeoutMs`. While the session is being opened: fails. */
  stop(): void {
    if (!this.#isOpen) this.#opening.abort(); // afterwards it would abort the session
    this.#stopping.abort();
  }

  /**
   * Opens the session, sends the pings, waits for the answers.
   * @throws RSerPoolError when the session cannot be opened
   */
  async run(): Promise<PingRun> {
    const { user, pool = pingPongPool } = this.#options;
    const session = await this.#open(user, pool);
    this.#isOpen = true;
    this.#follow(session);
    const ended = this.#receive(session);
    await Promise.race([this.#send(session), ended]);
    await Promise.race([this.#allAnswered(), ended]);
    await session.close();
    return { ...this.#ledger.summary(), error: await ended };
  }

  #open(user: PoolUser, pool: string): Promise<Session> {
    const { session, silenceTimeoutMs = 2_000 } = this.#options;
    return user.openSession(pool, { ...session, silenceTimeoutMs, signal: this.#opening.signal });
  }

  #follow(session: Session): void {
    this.#connected = session.state.element !== undefined;
    this.#elementId = session.state.element?.elementId ?? 0;
    session.on('disconnect', ({ from, reason }) => {
      this.#connected = false;
      this.emit('disconnect', from.elementId, reason);
    });
    session.on('failover', ({ from, to, reason, tookMs }) => {
      this.#connected = true;
      this.#elementId = to.elementId;
      const failover = {
        fromElementId: from.elementId,
        toElementId: to.elementId,
        reason,
        durationMs: tookMs,
      };
      this.#ledger.failover(failover);
      for (const messageNumber of this.#ledger.resend()) this.#transmit(session, messageNumber);
      this.emit('failover', failover);
    });
    this.emit('open', this.#elementId);
  }

  /** Resolves when the last ping was sent, or `stop` was called. */
  async #send(session: Session): Promise<void> {
    const { intervalMs = 500, count = Infinity } = this.#options;
    const { signal } = this.#stopping;
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => next(), intervalMs);
      const end = (): void => {
        clearInterval(timer);
        resolve();
      };
      const next = (): void => {
        const messageNumber = this.#ledger.send(performance.now());
        // While there is no element the ping waits in the ledger: all that wait are sent to the next one.
        if (this.#connected) this.#transmit(session, messageNumber);
        if (this.#ledger.sentCount >= count) end();
      };
      signal.addEventListener('abort', end, { once: true });
      session.once('close', end);
      if (signal.aborted || count < 1) end();
      else next();
    });
  }

  #transmit(session: Session, messageNumber: bigint): void {
    const ping = encodePingPong({ type: 'ping', messageNumber, data: this.#data });
    // A send can fail only because the session is over, which `#receive` hears of.
    session.send(ping, { payloadProtocolId: pingPongPpid }).catch(() => undefined);
    session.awaitReply(true);
  }

  /** Resolves at the end of the session: with its error, where it did not end in order. */
  async #receive(session: Session): Promise<RSerPoolError | undefined> {
    try {
      for await (const message of session) {
        const decoded = decodePingPong(message.data);
        if (!decoded.ok || decoded.message.type !== 'pong') continue;
        const answer = this.#ledger.answer(decoded.message, this.#elementId, performance.now());
        if (this.#ledger.waitingCount === 0) {
          session.awaitReply(false);
          this.#onAnswered();
        }
        if (answer !== undefined) this.emit('answer', answer);
      }
      return undefined;
    } catch (error) {
      return RSerPoolError.from(error);
    }
  }

  async #allAnswered(): Promise<void> {
    if (this.#ledger.waitingCount === 0) return;
    const { lastAnswerTimeoutMs = 10_000 } = this.#options;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, lastAnswerTimeoutMs);
      this.#onAnswered = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
