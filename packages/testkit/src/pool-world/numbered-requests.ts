import type {
  Association,
  FailoverCompleted,
  FailoverReason,
  FailoverStarted,
  Message,
  SessionClosed,
  SessionElement,
  SessionEnd,
  SessionEngine,
  SessionHandler,
} from '@rserpool/core';
import { connectionName, numbered, requestMessage } from './request-message.ts';

/** What an application tells of its sessions; `session` counts the sessions of the process. */
export type ApplicationEvent =
  /** `via`: the user's end of the connection. */
  | {
      readonly type: 'session-opened';
      readonly session: number;
      readonly elementId: number;
      readonly via: string;
    }
  | { readonly type: 'request-sent'; readonly session: number; readonly request: number }
  | { readonly type: 'answer'; readonly session: number; readonly request: number }
  | {
      readonly type: 'failover';
      readonly session: number;
      readonly elementId: number;
      readonly reason: FailoverReason;
    }
  | {
      readonly type: 'resumed';
      readonly session: number;
      readonly elementId: number;
      readonly via: string;
      readonly cookieEchoed: boolean;
    }
  | { readonly type: 'cookie-stored'; readonly session: number }
  | { readonly type: 'cookie-rejected'; readonly session: number; readonly reason: string }
  | {
      readonly type: 'session-closed';
      readonly session: number;
      readonly reason: SessionEnd;
      /** Requests that were not answered: reported as failed. */
      readonly failed: readonly number[];
    };

/** An application that sends numbered requests, and all that are open again after a failover. */
export class NumberedRequests implements SessionHandler {
  readonly number: number;
  /** Names it in its requests; unique in its world. */
  readonly lineage: string;
  readonly #emit: (event: ApplicationEvent) => void;
  readonly #open = new Set<number>();
  #session: SessionEngine | undefined;
  #association: Association | undefined;
  #asked = 0;
  #answered = 0;
  #closed = false;
  #connected = false;

  constructor(number: number, lineage: string, emit: (event: ApplicationEvent) => void) {
    this.number = number;
    this.lineage = lineage;
    this.#emit = emit;
  }

  /** Oldest first. */
  get openRequests(): ReadonlySet<number> {
    return this.#open;
  }

  get asked(): number {
    return this.#asked;
  }

  get answered(): number {
    return this.#answered;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether it has an element. */
  get connected(): boolean {
    return this.#connected;
  }

  get session(): SessionEngine {
    if (this.#session === undefined) throw new Error('numbered requests: used before `start`');
    return this.#session;
  }

  /** The session's last attempt to connect to an element. */
  connectionOpened(association: Association): void {
    this.#association = association;
  }

  start(session: SessionEngine): void {
    this.#session = session;
    session.open();
  }

  ask(): void {
    if (this.#closed) return;
    const request = ++this.#asked;
    this.#open.add(request);
    this.#emit({ type: 'request-sent', session: this.number, request });
    if (this.#connected) this.#send(request);
  }

  onOpen({ elementId }: SessionElement): void {
    this.#emit({ type: 'session-opened', session: this.number, elementId, via: this.#via() });
    this.#sendOpen();
  }

  onMessage({ data }: Message): void {
    const request = numbered(data).number;
    if (this.#open.delete(request)) this.#answered++;
    this.#emit({ type: 'answer', session: this.number, request });
    this.session.awaitReply(this.#open.size > 0);
  }

  onFailover({ from, reason }: FailoverStarted): void {
    this.#connected = false;
    this.#emit({ type: 'failover', session: this.number, elementId: from.elementId, reason });
  }

  onResumed({ to, cookieEchoed }: FailoverCompleted): void {
    const { elementId } = to;
    this.#emit({ type: 'resumed', session: this.number, elementId, via: this.#via(), cookieEchoed });
    this.#sendOpen();
  }

  onCookie(): void {
    this.#emit({ type: 'cookie-stored', session: this.number });
  }

  onCookieRejected(reason: string): void {
    this.#emit({ type: 'cookie-rejected', session: this.number, reason });
  }

  onWritable(): void {
    // Requests are few and small, and those that were refused are sent again after the failover.
  }

  onClosed({ code }: SessionClosed): void {
    this.#closed = true;
    this.#connected = false;
    const failed = [...this.#open];
    this.#open.clear();
    this.#emit({ type: 'session-closed', session: this.number, reason: code, failed });
  }

  #via(): string {
    return this.#association === undefined ? '' : connectionName(this.#association.local);
  }

  #sendOpen(): void {
    this.#connected = true;
    for (const request of this.#open) this.#send(request);
  }

  #send(request: number): void {
    this.session.send(requestMessage(request, this.lineage));
    this.session.awaitReply(true);
  }
}
