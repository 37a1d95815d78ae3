import type { Message } from '../../../src/port/association.ts';
import type { SessionEngine } from '../../../src/session/session-engine.ts';
import type {
  FailoverCompleted,
  FailoverReason,
  FailoverStarted,
  SessionHandler,
} from '../../../src/session/session-handler.ts';
import { message, textOf } from './messages.ts';

/**
 * An application that asks numbered questions, and asks all that are open again after a failover. It knows what its session
 * may and may not do, and throws when it does otherwise.
 */
export class RequestApp implements SessionHandler {
  readonly answered = new Set<number>();
  /** Open ones when the session ended. */
  readonly failed = new Set<number>();
  /** Why elements were left, in order. */
  readonly left: FailoverReason[] = [];
  /** What the last cookie that arrived says how many questions were answered. */
  lastCookieCount = 0;
  #session: SessionEngine | undefined;
  readonly #open = new Set<number>();
  #phase: 'new' | 'connected' | 'between' | 'closed' = 'new';
  /** The count in the last answer of the connected element. */
  #lastCount: number | undefined;
  #nextRequest = 1;

  get openRequests(): number {
    return this.#open.size;
  }

  get asked(): number {
    return this.#nextRequest - 1;
  }

  get closed(): boolean {
    return this.#phase === 'closed';
  }

  start(session: SessionEngine): void {
    this.#session = session;
    session.open();
  }

  ask(): void {
    if (this.#phase === 'closed') return;
    const request = this.#nextRequest++;
    this.#open.add(request);
    this.#send(request);
  }

  onOpen(): void {
    this.#change('new', 'connected');
  }

  onMessage(received: Message): void {
    this.#must(this.#phase === 'connected', 'a message without an element');
    const [, request = NaN, count = NaN] = (/^answer (\d+) (\d+)$/.exec(textOf(received)) ?? []).map(Number);
    const expected = (this.#lastCount ?? this.lastCookieCount) + 1;
    this.#must(count === expected, `answer number ${count} instead of ${expected}`);
    this.#lastCount = count;
    if (this.#open.delete(request)) this.answered.add(request);
    else this.#must(this.answered.has(request), `an answer to ${request}, which was not asked`);
    this.#session?.awaitReply(this.#open.size > 0);
  }

  onFailover({ reason }: FailoverStarted): void {
    this.#change('connected', 'between');
    this.left.push(reason);
  }

  onResumed(event: FailoverCompleted): void {
    this.#change('between', 'connected');
    this.#must(event.cookieEchoed === this.lastCookieCount > 0, 'the cookie is echoed if there is one');
    this.#lastCount = undefined;
    for (const request of this.#open) this.#send(request);
  }

  onCookie(): void {
    this.lastCookieCount = this.#lastCount ?? NaN; // it follows its answer
  }

  onCookieRejected(reason: string): void {
    this.#must(false, `cookie rejected: ${reason}`);
  }

  onWritable(): void {
    this.#must(this.#phase === 'connected', 'writable without an element');
  }

  onClosed(): void {
    this.#must(this.#phase !== 'closed', 'closed twice');
    this.#phase = 'closed';
    for (const request of this.#open) this.failed.add(request);
    this.#open.clear();
  }

  #send(request: number): void {
    this.#must(this.#session?.send(message(`question ${request}`)) !== 'refused', 'refused');
    this.#session?.awaitReply(true);
  }

  #change(from: string, to: 'connected' | 'between'): void {
    this.#must(this.#phase === from, `${to} when ${this.#phase}`);
    this.#phase = to;
  }

  #must(holds: boolean, what: string): void {
    if (!holds) throw new Error(`session broke its word: ${what}`);
  }
}
