import type { ChannelAcceptor, ChannelConnector, ChannelHandler } from '@rserpool/core';

/** Counts the channels of an endpoint, so that it can be closed when all have ended: closing it aborts those that still do. */
export class OpenChannels<M> {
  #count = 0;
  #onNone: (() => void) | undefined;

  connector(connect: ChannelConnector<M, M>): ChannelConnector<M, M> {
    return (remote, handler) => connect(remote, this.#counted(handler));
  }

  acceptor(accept: ChannelAcceptor<M, M>): ChannelAcceptor<M, M> {
    return (channel) => this.#counted(accept(channel));
  }

  /** Calls when none is left; at once, if there is none. */
  whenNone(onNone: () => void): void {
    this.#onNone = onNone;
    if (this.#count === 0) onNone();
  }

  #counted(handler: ChannelHandler<M>): ChannelHandler<M> {
    this.#count += 1;
    return {
      onUp: () => handler.onUp(),
      onMessage: (message) => handler.onMessage(message),
      onDown: (reason) => {
        handler.onDown(reason);
        this.#count -= 1;
        if (this.#count === 0) this.#onNone?.();
      },
    };
  }
}
