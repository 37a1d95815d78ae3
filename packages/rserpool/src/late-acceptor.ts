import type { Channel, ChannelAcceptor, ChannelHandler } from '@rserpool/core';

/**
 * An acceptor that exists before its engine: a port must be bound before the engine can announce it. Who connects in
 * between is turned away and comes again.
 */
export class LateAcceptor<M> {
  #engine: ChannelAcceptor<M, M> | undefined;

  readonly accept = (channel: Channel<M>): ChannelHandler<M> => {
    if (this.#engine !== undefined) return this.#engine(channel);
    queueMicrotask(() => channel.abort());
    return { onUp: nothing, onMessage: nothing, onDown: nothing };
  };

  serve(engine: ChannelAcceptor<M, M>): void {
    this.#engine = engine;
  }
}

function nothing(): void {
  // A channel that is turned away has nothing to say.
}
