import type { AsapMessage, PoolElementParameter, PoolHandle, Profile } from '@rserpool/wire';
import { CauseCode } from '@rserpool/wire';
import { PayloadProtocol } from '../port/association.ts';
import type { Association, AssociationHandler, Message } from '../port/association.ts';
import type { DownReason } from '../port/channel.ts';
import type { Host, Timer } from '../port/host.ts';
import { checkApplicationMessage } from './application-message.ts';
import { ControlChannel } from './control-channel.ts';
import type { CookieHistory } from './cookie-history.ts';
import { maxCookieBytes } from './cookie-seal.ts';
import type { CookieOrder, CookieOrigin, CookieRefusal, CookieSeal } from './cookie-seal.ts';
import { SilenceWatchdog } from './silence-watchdog.ts';

export interface ServedSessionOptions {
  readonly host: Host;
  readonly poolHandle: PoolHandle;
  readonly seal: CookieSeal;
  /** How to speak to users that have not yet shown how they speak. Default 'rfc'. */
  readonly profile?: Profile;
  /** What follows when the user's cookie is not accepted. Default 'start-without-state'. */
  readonly refusedCookie?: 'start-without-state' | 'reject';
  /** Shared by all sessions of the element: refuses cookies that go back in time. Default: none. */
  readonly history?: CookieHistory;
  /**
   * Sent at once: the elements to fail over to, best first (RFC 5352 section 3.9). Default: no business card; RSPLIB ignores it.
   */
  readonly businessCard?: readonly PoolElementParameter[];
  /** Larger echoed cookies are refused. Default and maximum {@link maxCookieBytes}. */
  readonly maxCookieBytes?: number;
  /** A user that sends more is aborted. Default 100; one cookie echo per session is normal. */
  readonly maxControlMessagesPerSecond?: number;
  /** How long an orderly close may take before it becomes an abort. Default 5,000. */
  readonly closeTimeoutMs?: number;
  /**
   * A user that has sent neither a message nor a cookie so long after it connected is closed in order: one of a session goes to
   * another element. Default Infinity, for there are services whose users only listen.
   */
  readonly idleTimeoutMs?: number;
}

export const servedSessionDefaults = {
  profile: 'rfc',
  refusedCookie: 'start-without-state',
  maxCookieBytes,
  maxControlMessagesPerSecond: 100,
  closeTimeoutMs: 5_000,
  idleTimeoutMs: Infinity,
} as const;

/** Why the state that a user brought was not restored. */
export type StateRefusal =
  | CookieRefusal
  /** Larger than `maxCookieBytes`. */
  | 'too-large'
  /** It came after application messages. */
  | 'late'
  /** The session has echoed a later cookie to this element. */
  | 'stale';

/** What a served session tells the service; never inside a call of the session's own methods. */
export interface ServedSessionHandler {
  /**
   * The session began at another element: go on from this state. At most once, and before any message.
   * @param origin undefined when the cookie does not tell
   */
  onState(state: Uint8Array, origin: CookieOrigin | undefined): void;
  /** The session began elsewhere, but its state cannot be trusted: it starts anew here, or is being rejected (`refusedCookie`). */
  onStateRefused(reason: StateRefusal): void;
  /** An application message; ASAP's own never come here. */
  onMessage(message: Message): void;
  /** After `send` returned false: room again. */
  onWritable(): void;
  /** The last call of all. */
  onDown(reason: DownReason, undelivered: readonly Message[]): void;
}

export type SendCookieResult =
  | 'sent'
  /** The state does not fit into a cookie. */
  | 'too-large'
  /** The session is over. */
  | 'ended';

/**
 * The pool element's side of a session: one accepted association. Give it to the transport as the association's handler.
 *
 * Rejecting is an ASAP_ERROR with cause 6, lack of resources (10 for a refused cookie), and an orderly close; handing over
 * is a cookie and an orderly close. A user of RSPLIB ignores the error and takes the close as the time for a failover.
 */
export class ServedSession implements AssociationHandler {
  readonly #association: Association;
  readonly #options: ServedSessionOptions &
    Required<Pick<ServedSessionOptions, keyof typeof servedSessionDefaults>>;
  readonly #control: ControlChannel;
  readonly #handler: ServedSessionHandler;
  /** Watches until the user has sent something. */
  readonly #watchdog: SilenceWatchdog;
  #echoSeen = false;
  #messageSeen = false;
  #ended = false;
  #closeTimer: Timer | undefined;
  #sessionId: bigint;
  #sequence = 0;

  /** @param handlerOf makes the handler, which may want to keep the session; it must not use it yet but to reject */
  constructor(
    association: Association,
    options: ServedSessionOptions,
    handlerOf: (session: ServedSession) => ServedSessionHandler,
  ) {
    this.#association = association;
    this.#options = { ...servedSessionDefaults, ...options };
    const { host, profile, maxControlMessagesPerSecond, businessCard, idleTimeoutMs } = this.#options;
    const controlHandler = {
      onControlMessage: (message: AsapMessage) => this.#takeControl(message),
      onUndecodable: () => undefined,
      onFlood: () => this.abort(),
    };
    const controlOptions = { host, profile, maxMessagesPerSecond: maxControlMessagesPerSecond };
    this.#control = new ControlChannel(association, controlHandler, controlOptions);
    this.#sessionId = (BigInt(host.randomUint32()) << 32n) | BigInt(host.randomUint32());
    if (businessCard !== undefined) this.sendBusinessCard(businessCard);
    this.#watchdog = new SilenceWatchdog(host, idleTimeoutMs, () => this.#userIdle());
    this.#watchdog.start();
    this.#handler = handlerOf(this);
  }

  /** The user's address, as seen from here. */
  get remote(): Association['remote'] {
    return this.#association.remote;
  }

  /** The session's identifier in its cookies, and the sequence number of the last one sent or restored. */
  get order(): CookieOrder {
    return { sessionId: this.#sessionId, sequence: this.#sequence };
  }

  /**
   * @returns false when the sender should wait for `onWritable` before it sends more; the message is taken all the same
   * @throws RangeError for what no transport carries, and for ASAP's payload protocol identifier
   */
  send(message: Message): boolean {
    checkApplicationMessage(message, Infinity); // the transport knows its limit
    return this.#ended || this.#association.send(message);
  }

  /**
   * Gives the user the state to restore at another element. Send the first one in answer to a message, not on accepting:
   * the echo of a better cookie may be on its way.
   */
  sendCookie(state: Uint8Array): SendCookieResult {
    if (this.#ended) return 'ended';
    const { seal, poolHandle } = this.#options;
    const order = { sessionId: this.#sessionId, sequence: this.#sequence + 1 };
    const cookie = seal.seal(state, poolHandle, order);
    if (cookie.length > maxCookieBytes) return 'too-large';
    this.#sequence = order.sequence;
    this.#control.send({ type: 'cookie', cookie });
    return 'sent';
  }

  /**
   * Recommends an order of failover, best first (RFC 5352 section 3.9). Without elements it would be malformed: none is sent.
   * @throws WireEncodeError when it does not fit into a message
   */
  sendBusinessCard(elements: readonly PoolElementParameter[]): void {
    if (this.#ended || elements.length === 0) return;
    this.#control.send({ type: 'business-card', poolHandle: this.#options.poolHandle, elements });
  }

  /**
   * "Reject and try another": the user goes to another element without reporting this one, and takes along all that it sent.
   * So do it before acting on any message, and before sending any.
   */
  reject(): void {
    this.#reject(CauseCode.lackOfResources);
  }

  /** Moves the user to another element, for draining: a last cookie, then an orderly close. Nothing is closed when it is too large. */
  handOver(state: Uint8Array): SendCookieResult {
    const result = this.sendCookie(state);
    if (result === 'sent') this.close();
    return result;
  }

  /** Stops reading, so that a slow service slows its user. */
  pause(): void {
    this.#association.pause();
  }

  resume(): void {
    this.#association.resume();
  }

  /** Delivers what was sent, then ends. What the user still sends is dropped; the user fails over unless it is done too. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#watchdog.stop();
    this.#association.resume(); // or the user's end of the closing would never be read
    this.#association.close();
    const { host, closeTimeoutMs } = this.#options;
    this.#closeTimer = host.setTimer(closeTimeoutMs, () => this.#association.abort());
  }

  /** Ends at once. The user takes it for a failure. */
  abort(): void {
    this.#ended = true;
    this.#watchdog.stop();
    this.#association.abort();
  }

  onUp(): void {
    // Accepted associations are up.
  }

  onMessage(message: Message): void {
    if (this.#ended) return;
    if (message.payloadProtocolId === PayloadProtocol.asap) {
      this.#control.receive(message);
      return;
    }
    if (!this.#messageSeen) this.#watchdog.stop();
    this.#messageSeen = true;
    this.#handler.onMessage(message);
  }

  onWritable(): void {
    if (!this.#ended) this.#handler.onWritable();
  }

  onDown(reason: DownReason, undelivered: readonly Message[]): void {
    this.#ended = true;
    this.#watchdog.stop();
    this.#closeTimer?.cancel();
    const messages = undelivered.filter(
      ({ payloadProtocolId }) => payloadProtocolId !== PayloadProtocol.asap,
    );
    this.#handler.onDown(reason, messages);
  }

  #takeControl(message: AsapMessage): void {
    if (message.type === 'cookie-echo' && !this.#echoSeen) this.#takeEcho(message.cookie);
    else if (message.type === 'error')
      this.#options.host.log('info', 'user reports an error', { causes: message.causes });
    else this.#control.ignore(message);
  }

  #takeEcho(cookie: Uint8Array): void {
    this.#echoSeen = true;
    this.#watchdog.stop();
    const opened = this.#messageSeen ? 'late' : this.#open(cookie);
    if (typeof opened !== 'string') {
      if (opened.origin !== undefined) {
        this.#sessionId = opened.origin.sessionId;
        this.#sequence = opened.origin.sequence;
      }
      this.#handler.onState(opened.state, opened.origin);
      return;
    }
    const { host, refusedCookie } = this.#options;
    host.log('warn', 'state cookie refused', { peer: this.remote, reason: opened });
    this.#handler.onStateRefused(opened);
    if (refusedCookie === 'reject') this.#reject(CauseCode.securityRejection);
  }

  #open(cookie: Uint8Array): { state: Uint8Array; origin: CookieOrigin | undefined } | StateRefusal {
    const { seal, poolHandle, history, maxCookieBytes: maxBytes } = this.#options;
    if (cookie.length > maxBytes) return 'too-large';
    const opened = seal.open(cookie, poolHandle);
    if (!opened.ok) return opened.reason;
    if (opened.origin !== undefined && history?.accept(opened.origin) === false) return 'stale';
    return opened;
  }

  #userIdle(): void {
    this.#options.host.log('info', 'user closed that has sent nothing', { peer: this.remote });
    this.close();
  }

  #reject(code: number): void {
    if (this.#ended) return;
    this.#control.send({ type: 'error', causes: [{ code, data: new Uint8Array(0) }] });
    this.close();
  }
}
