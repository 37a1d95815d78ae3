import { decodePingPongCookie, encodePingPong, encodePingPongCookie, type Ping } from '@rserpool/wire';

/** The pool that RSPLIB's ping-pong programs use. */
export const pingPongPool = 'PingPongPool';

/** What an element sends for a ping, in this order: the reply must be on its way before the cookie says that it was given. */
export interface PongAndState {
  readonly pong: Uint8Array;
  /** State cookie: from here the next element goes on. */
  readonly state: Uint8Array;
}

/**
 * The element's side of one ping-pong session (reference/rsplib.md section 2.10): numbers its replies over the whole session,
 * from where the element before it stopped.
 */
export class PongNumbering {
  #nextReplyNumber = 1n;

  /** Goes on from the state cookie of the session. @returns false for a cookie of something else, which is ignored */
  resume(state: Uint8Array): boolean {
    const cookie = decodePingPongCookie(state);
    if (cookie.ok) this.#nextReplyNumber = cookie.message.nextReplyNumber;
    return cookie.ok;
  }

  answer(ping: Ping): PongAndState {
    const replyNumber = this.#nextReplyNumber++;
    return {
      pong: encodePingPong({ type: 'pong', messageNumber: ping.messageNumber, replyNumber, data: ping.data }),
      state: encodePingPongCookie({ nextReplyNumber: this.#nextReplyNumber }),
    };
  }
}
