import type { Message } from '../port/association.ts';
import type { SessionElement } from './element-connection.ts';
import type { SelectionFailure } from './element-selector.ts';

/** Why a session left an element. */
export type FailoverReason =
  /** The element is gone: reset, or unanswered retransmissions. */
  | 'lost'
  /** The element ended the association at once. */
  | 'aborted'
  /** The element ended it in order: it drains, or is done. */
  | 'closed'
  /** The element wants us to try another: it has no resources, or does not take our cookie. */
  | 'rejected'
  /** It sent nothing while a reply was awaited. */
  | 'silent'
  /** The application wanted it. */
  | 'requested'
  /** It flooded the control channel with nonsense. */
  | 'misbehaved';

export interface FailoverStarted {
  readonly from: SessionElement;
  readonly reason: FailoverReason;
  /**
   * Messages that were sent, but that the element's transport has not acknowledged, or that it rejected; oldest first. With
   * the option `resend` they go to the next element by themselves. What was acknowledged and not answered is the
   * application's to judge: the element may have died before or after it acted on it.
   */
  readonly undelivered: readonly Message[];
  /**
   * With `resend`: those of them that are not sent again, because `maxDeliveryAttempts` elements in a row have failed before
   * they acknowledged them. Perhaps it is they that bring elements down.
   */
  readonly notResent: readonly Message[];
}

export interface FailoverCompleted extends FailoverStarted {
  readonly to: SessionElement;
  /** From when the failure was noticed to when the new element was connected. */
  readonly tookMs: number;
  /** Whether a state cookie was echoed to the new element. */
  readonly cookieEchoed: boolean;
}

/** Why a session has ended. */
export type SessionEnd =
  /** `close` was called. */
  | 'closed'
  /** `abort` was called. */
  | 'aborted'
  /** No element within the deadline: what the last try ended with. */
  | SelectionFailure;

export interface SessionClosed {
  readonly code: SessionEnd;
  /** Everything that was taken for sending and not delivered, as far as the transport knows; oldest first. */
  readonly undelivered: readonly Message[];
}

/** What a session tells its application; never inside a call of the session's own methods. */
export interface SessionHandler {
  /** The first element is connected. */
  onOpen(element: SessionElement): void;
  /** An application message; ASAP's own never come here. */
  onMessage(message: Message): void;
  /** The element was left; the search for another one begins when this returns. */
  onFailover(event: FailoverStarted): void;
  /** Another element is connected: the cookie has been echoed and waiting messages have been sent. */
  onResumed(event: FailoverCompleted): void;
  /** The element has sent a state cookie, which is now the one that a failover will echo. */
  onCookie(sizeBytes: number): void;
  /** The element has sent a cookie that cannot be stored; the one before it stays. */
  onCookieRejected(reason: 'too-large' | 'malformed', sizeBytes: number): void;
  /** After `send` said 'wait' or 'refused': room again. */
  onWritable(): void;
  /** The last call of all. */
  onClosed(event: SessionClosed): void;
}
