import type { AssociationHandler } from './association-handler.ts';

/** The application's side of an association: its handler hears of the end when it has read all messages, which the peer takes for delivered. */
export class Application {
  readonly #hasUnread: () => boolean;
  readonly #abort: (reason: string) => void;
  handler: AssociationHandler | undefined;
  #owesPeerShutdown = false;
  #owedDown: (() => void) | undefined;

  /** @param hasUnread whether messages wait for it to go on reading */
  constructor(hasUnread: () => boolean, abort: (reason: string) => void) {
    this.#hasUnread = hasUnread;
    this.#abort = abort;
  }

  /** Calls it. An exception of its goes on to whoever called, but not before its association is down. */
  guarded(call: () => void): void {
    let returned = false;
    try {
      call();
      returned = true;
    } finally {
      if (!returned) this.#abort('the application failed');
    }
  }

  peerShutsDown(): void {
    this.#owesPeerShutdown = true;
    this.tellWhatWaits();
  }

  /** It has aborted, and wants to hear no more than that. */
  forgetPeerShutdown(): void {
    this.#owesPeerShutdown = false;
  }

  isDown(tell: () => void): void {
    this.#owedDown = tell;
    this.tellWhatWaits();
  }

  /** It may have read the last message. */
  tellWhatWaits(): void {
    if (this.#hasUnread()) return;
    if (this.#owesPeerShutdown) {
      this.#owesPeerShutdown = false;
      this.guarded(() => this.handler?.onPeerShutdown?.());
    }
    const tellDown = this.#owedDown;
    this.#owedDown = undefined;
    tellDown?.();
  }
}
