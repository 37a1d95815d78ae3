import type { AsapMessage, BusinessCard, ErrorCause } from '@rserpool/wire';
import { AsapMessageType, CauseCode } from '@rserpool/wire';
import { PayloadProtocol } from '../port/association.ts';
import type { Association, Message } from '../port/association.ts';
import type { DownReason } from '../port/channel.ts';
import type { Timer } from '../port/host.ts';
import { checkApplicationMessage } from './application-message.ts';
import { ControlChannel } from './control-channel.ts';
import type { ControlChannelHandler } from './control-channel.ts';
import { CookieStore } from './cookie-store.ts';
import { DeliveryAttempts } from './delivery-attempts.ts';
import type { ElementConnection, SessionElement } from './element-connection.ts';
import { ElementLink } from './element-link.ts';
import { ElementSearch } from './element-search.ts';
import { Outbox } from './outbox.ts';
import type { FailoverReason, FailoverStarted, SessionEnd, SessionHandler } from './session-handler.ts';
import { sessionDefaults } from './session-options.ts';
import type { SessionOptions } from './session-options.ts';
import { SilenceWatchdog } from './silence-watchdog.ts';

/** What became of a message. */
export type SendResult =
  /** Taken. */
  | 'sent'
  /** Taken, but the sender should wait for `onWritable` before it sends more. */
  | 'wait'
  /** Not taken: too many are waiting (`onWritable` follows), or the session is over. */
  | 'refused';

/** A look at a session. Counts are of application messages; those sent twice count twice. */
export interface SessionState {
  readonly phase: 'idle' | 'connecting' | 'open' | 'closing' | 'closed';
  /** The connected one. */
  readonly element: SessionElement | undefined;
  readonly failovers: number;
  readonly messagesSent: number;
  readonly bytesSent: number;
  readonly messagesReceived: number;
  readonly bytesReceived: number;
  readonly messagesQueued: number;
  readonly bytesQueued: number;
  readonly cookie: { readonly sizeBytes: number; readonly ageMs: number } | undefined;
  /** Identifiers of the elements that the last business card recommends for a failover, best first. */
  readonly recommended: readonly number[];
}

interface Departure {
  readonly reason: FailoverReason;
  /** Whether to report the element as unreachable. */
  readonly report: boolean;
  readonly noticedAtMs: number;
}

/**
 * The pool user's side of a session with a pool: one element at a time, another one when it fails, the last state cookie
 * echoed to it before anything else (RFC 5352 section 3.8).
 *
 * Application messages on stream 0 always follow the cookie echo. On other streams of an SCTP association they may overtake
 * it when its packet is lost.
 */
export class SessionEngine {
  readonly #options: Required<SessionOptions>;
  readonly #handler: SessionHandler;
  readonly #search: ElementSearch;
  readonly #outbox: Outbox;
  readonly #watchdog: SilenceWatchdog;
  readonly #cookies: CookieStore;
  readonly #attempts: DeliveryAttempts;
  #phase: SessionState['phase'] = 'idle';
  #link: ElementLink | undefined;
  /** Why the link is being aborted, until it is down. */
  #departure: Departure | undefined;
  /** Under way. */
  #failover: { readonly event: FailoverStarted; readonly noticedAtMs: number } | undefined;
  #end: SessionEnd = 'closed';
  #closeTimer: Timer | undefined;
  #awaitingReply = false;
  #paused = false;
  #wantsWritable = false;
  readonly #counts = { failovers: 0, messagesSent: 0, bytesSent: 0, messagesReceived: 0, bytesReceived: 0 };

  constructor(options: SessionOptions, handler: SessionHandler) {
    this.#options = { ...sessionDefaults, ...options };
    this.#handler = handler;
    const { host, silenceTimeoutMs } = this.#options;
    this.#search = new ElementSearch(this.#options, {
      onFound: (connection) => this.#found(connection),
      onGivenUp: (reason) => this.#finish(reason, []),
    });
    this.#outbox = this.#newOutbox();
    this.#watchdog = new SilenceWatchdog(host, silenceTimeoutMs, () => this.#leave('silent', true));
    this.#cookies = new CookieStore(host, this.#options.maxCookieBytes);
    this.#attempts = new DeliveryAttempts(this.#options.maxDeliveryAttempts);
  }

  get state(): SessionState {
    return {
      phase: this.#phase,
      element: this.#phase === 'open' ? this.#link?.connection.element : undefined,
      ...this.#counts,
      messagesQueued: this.#outbox.length,
      bytesQueued: this.#outbox.sizeBytes,
      cookie: this.#cookies.state,
      recommended: this.#search.preferred,
    };
  }

  /** Begins to look for an element. Messages may be sent before. */
  open(): void {
    if (this.#phase !== 'idle') return;
    this.#phase = 'connecting';
    this.#search.start();
  }

  /** @throws RangeError for what no transport carries, and for ASAP's payload protocol identifier (see {@link checkApplicationMessage}) */
  send(message: Message): SendResult {
    checkApplicationMessage(message, this.#options.maxMessageBytes);
    if (this.#phase === 'closing' || this.#phase === 'closed') return 'refused';
    if (this.#phase === 'open' && this.#link?.congested === false) {
      const uncongested = this.#transmit(this.#link, message);
      if (!uncongested) this.#wantsWritable = true;
      return uncongested ? 'sent' : 'wait';
    }
    this.#wantsWritable = true;
    return this.#outbox.push(message) ? 'wait' : 'refused';
  }

  /** Tells whether replies are outstanding: while they are, an element that sends nothing for `silenceTimeoutMs` is left. */
  awaitReply(awaiting: boolean): void {
    this.#awaitingReply = awaiting;
    this.#watch();
  }

  /**
   * Leaves the element for another one; does nothing while there is none.
   * @param options.unreachable report the element to the registrar; only done when it was sent a message (RFC 5352 section 6.9.2)
   */
  failover(options: { readonly unreachable?: boolean } = {}): void {
    this.#leave('requested', options.unreachable === true);
  }

  /** Stops reading, so that a slow application slows the element. */
  pause(): void {
    this.#paused = true;
    this.#link?.connection.association.pause();
    this.#watch();
  }

  resume(): void {
    this.#paused = false;
    this.#link?.connection.association.resume();
    this.#watch();
  }

  /** Delivers what was sent, then ends. While no element is connected it ends at once and hands back what waits. */
  close(): void {
    if (this.#phase === 'closing' || this.#phase === 'closed') return;
    const { host, closeTimeoutMs } = this.#options;
    const link = this.#phase === 'open' ? this.#link : undefined;
    if (link === undefined) {
      this.#endWithoutElement('closed');
      return;
    }
    this.#phase = 'closing';
    this.#watchdog.stop();
    const { association } = link.connection;
    association.resume(); // or the element's end of the closing would never be read
    this.#closeTimer = host.setTimer(closeTimeoutMs, () => this.#depart(link, 'requested', false));
    this.#flush(link);
  }

  /** Ends at once. */
  abort(): void {
    if (this.#phase === 'closed') return;
    if (this.#link === undefined) {
      this.#endWithoutElement('aborted');
      return;
    }
    this.#end = 'aborted';
    this.#phase = 'closing';
    this.#watchdog.stop();
    this.#depart(this.#link, 'requested', false);
  }

  #found(connection: ElementConnection): void {
    const { host } = this.#options;
    const { association, element } = connection;
    const link = new ElementLink(connection, this.#controlOf(association), host.nowMs(), this.#newOutbox());
    connection.moveTo({
      onUp: () => undefined, // it was up before the search handed it over
      onMessage: (message) => this.#received(link, message),
      onWritable: () => this.#writable(link),
      onDown: (reason, handedBack) => this.#down(link, reason, handedBack),
    });
    this.#link = link;
    this.#phase = 'open';
    if (this.#paused) association.pause();
    const cookieEchoed = this.#echoCookie(link);
    this.#flush(link);
    this.#watch();
    const failover = this.#failover;
    this.#failover = undefined;
    if (failover === undefined) this.#handler.onOpen(element);
    else {
      const tookMs = host.nowMs() - failover.noticedAtMs;
      this.#handler.onResumed({ ...failover.event, to: element, tookMs, cookieEchoed });
    }
    this.#tellWritable();
  }

  #controlOf(association: Association): ControlChannel {
    const { host, profile } = this.#options;
    const handler: ControlChannelHandler = {
      onControlMessage: (message) => this.#takeControl(message),
      onUndecodable: (data) => {
        if (data[0] === AsapMessageType.cookie) this.#rejectCookie('malformed', data.length);
      },
      onFlood: () => this.#leave('misbehaved', false),
    };
    return new ControlChannel(association, handler, { host, profile });
  }

  #received(link: ElementLink, message: Message): void {
    if (this.#phase !== 'open') return; // it arrived after the decision to leave
    this.#watchdog.heard();
    if (message.payloadProtocolId === PayloadProtocol.asap) {
      link.control.receive(message);
      return;
    }
    this.#counts.messagesReceived++;
    this.#counts.bytesReceived += message.data.length;
    this.#elementWorks(link);
    this.#handler.onMessage(message);
  }

  #writable(link: ElementLink): void {
    if (this.#departure !== undefined) return; // it is being left
    link.writable();
    this.#flush(link);
    this.#tellWritable();
  }

  #down(link: ElementLink, reason: DownReason, handedBack: readonly Message[]): void {
    const { selector, poolHandle } = this.#options;
    const closing = this.#phase === 'closing';
    const departure = this.#departure ?? this.#departureFor(reason, closing);
    this.#link = undefined;
    this.#departure = undefined;
    this.#watchdog.stop();
    const undelivered =
      departure.reason === 'rejected' ? link.rejected(handedBack) : link.undelivered(handedBack);
    if (departure.report) selector.reportFailure(poolHandle, link.connection.element.elementId);
    if (closing) this.#finish(this.#end, undelivered);
    else this.#failOver(link, departure, undelivered);
  }

  #takeControl(message: AsapMessage): void {
    if (message.type === 'cookie') this.#storeCookie(message.cookie);
    else if (message.type === 'business-card') this.#takeBusinessCard(message);
    else if (message.type === 'error') this.#takeError(message.causes);
    else this.#link?.control.ignore(message);
  }

  #storeCookie(cookie: Uint8Array): void {
    if (this.#link !== undefined) this.#elementWorks(this.#link);
    if (this.#cookies.store(cookie)) this.#handler.onCookie(cookie.length);
    else this.#rejectCookie('too-large', cookie.length);
  }

  #rejectCookie(reason: 'too-large' | 'malformed', sizeBytes: number): void {
    this.#options.host.log('warn', 'state cookie rejected', { reason, sizeBytes });
    this.#handler.onCookieRejected(reason, sizeBytes);
  }

  /** A recommended order of failover (RFC 5352 section 3.9, BC1 and BC2). */
  #takeBusinessCard({ poolHandle, elements }: BusinessCard): void {
    const { host, selector } = this.#options;
    if (poolHandle !== this.#options.poolHandle) {
      host.log('warn', 'business card of another pool', { poolHandle });
      return;
    }
    this.#search.prefer(elements);
    if (this.#link?.takeCard() === true) selector.prepare(poolHandle);
  }

  #takeError(causes: readonly ErrorCause[]): void {
    const codes = causes.map(({ code }) => code);
    this.#options.host.log('info', 'element reports an error', { codes });
    // "Reject and try another": the element is alive, so nothing is reported to the registrar.
    if (codes.includes(CauseCode.lackOfResources) || codes.includes(CauseCode.securityRejection)) {
      this.#leave('rejected', false);
    }
  }

  #echoCookie({ connection, control }: ElementLink): boolean {
    const { cookie } = this.#cookies;
    // Without a control channel ASAP has no way to the element (RFC 5354 section 3.4, Transport Use).
    if (cookie === undefined || connection.element.transport.use !== 'data-control') return false;
    control.send({ type: 'cookie-echo', cookie });
    return true;
  }

  #elementWorks(link: ElementLink): void {
    link.answered();
    this.#search.succeeded();
  }

  #leave(reason: FailoverReason, report: boolean): void {
    const link = this.#link;
    if (this.#phase !== 'open' || link === undefined) return;
    this.#phase = 'connecting';
    this.#watchdog.stop();
    this.#depart(link, reason, report && link.messagesSent > 0);
  }

  /** Aborts the association, as RSPLIB does; things go on when it is down and has handed back what was not delivered. */
  #depart(link: ElementLink, reason: FailoverReason, report: boolean): void {
    this.#departure ??= { reason, report, noticedAtMs: this.#options.host.nowMs() };
    link.connection.association.abort();
  }

  #departureFor(down: DownReason, closing: boolean): Departure {
    const reason = down === 'unreachable' ? 'lost' : down;
    const report = reason === 'lost' || (reason === 'aborted' && !closing);
    return { reason, report, noticedAtMs: this.#options.host.nowMs() };
  }

  #failOver(link: ElementLink, { reason, noticedAtMs }: Departure, undelivered: readonly Message[]): void {
    const { host, resend, retryDelayMs } = this.#options;
    const from = link.connection.element;
    // An element that only takes, and took for long, was of use as well.
    if (noticedAtMs - link.openedAtMs >= retryDelayMs.max) this.#search.succeeded();
    this.#search.avoid(from.elementId);
    this.#counts.failovers++;
    this.#phase = 'connecting';
    const { again, givenUp } = this.#attempts.sort(resend ? undelivered : [], reason);
    this.#outbox.prepend(again);
    const event = { from, reason, undelivered, notResent: givenUp };
    this.#failover = { event, noticedAtMs };
    host.log('info', 'failover', { elementId: from.elementId, reason, undelivered: undelivered.length });
    if (givenUp.length > 0) host.log('warn', 'messages not sent again', { messages: givenUp.length });
    this.#handler.onFailover(event);
    if (this.state.phase === 'connecting') this.#search.start();
  }

  #transmit(link: ElementLink, message: Message): boolean {
    this.#counts.messagesSent++;
    this.#counts.bytesSent += message.data.length;
    return link.send(message);
  }

  #flush(link: ElementLink): void {
    while (!link.congested && this.#outbox.length > 0) {
      const message = this.#outbox.shift();
      if (message !== undefined) this.#transmit(link, message);
    }
    if (this.#phase === 'closing' && this.#outbox.length === 0) link.connection.association.close();
  }

  #tellWritable(): void {
    if (!this.#wantsWritable || this.#phase !== 'open' || this.#link?.congested !== false) return;
    this.#wantsWritable = false;
    this.#handler.onWritable();
  }

  #watch(): void {
    if (this.#phase === 'open' && this.#awaitingReply && !this.#paused) this.#watchdog.start();
    else this.#watchdog.stop();
  }

  #endWithoutElement(code: SessionEnd): void {
    this.#end = code;
    if (this.#phase === 'closing') return;
    this.#phase = 'closing';
    this.#search.stop();
    // With a link that is being aborted, the end comes when it is down and has handed back what was not delivered.
    if (this.#link === undefined) this.#options.host.setTimer(0, () => this.#finish(this.#end, []));
  }

  #finish(code: SessionEnd, undelivered: readonly Message[]): void {
    this.#phase = 'closed';
    this.#closeTimer?.cancel();
    this.#handler.onClosed({ code, undelivered: [...undelivered, ...this.#outbox.takeAll()] });
  }

  #newOutbox(): Outbox {
    return new Outbox(this.#options.maxQueuedMessages, this.#options.maxQueuedBytes);
  }
}
