import type { Channel, ChannelAcceptor, ChannelConnector, ChannelHandler, DownReason } from '@rserpool/core';
import type { MessageTransport } from '@rserpool/wire';

/** Sees every message that one process sends or is given. */
export interface ChannelTap<M> {
  sent(to: MessageTransport, message: M): void;
  received(from: MessageTransport, message: M): void;
}

/** A channel that shows its messages to a tap. */
class TappedChannel<M> implements Channel<M>, ChannelHandler<M> {
  readonly #tap: ChannelTap<M>;
  readonly #channel: Channel<M>;
  readonly #handler: ChannelHandler<M>;

  constructor(
    tap: ChannelTap<M>,
    open: (handler: ChannelHandler<M>) => Channel<M>,
    handlerOf: (channel: Channel<M>) => ChannelHandler<M>,
  ) {
    this.#tap = tap;
    this.#channel = open(this);
    this.#handler = handlerOf(this);
  }

  get remote(): MessageTransport {
    return this.#channel.remote;
  }

  send(message: M): void {
    this.#tap.sent(this.#channel.remote, message);
    this.#channel.send(message);
  }

  roundTripTimeMs(): number | undefined {
    return this.#channel.roundTripTimeMs();
  }

  close(): void {
    this.#channel.close();
  }

  abort(): void {
    this.#channel.abort();
  }

  onUp(): void {
    this.#handler.onUp();
  }

  onMessage(message: M): void {
    this.#tap.received(this.#channel.remote, message);
    this.#handler.onMessage(message);
  }

  onDown(reason: DownReason): void {
    this.#handler.onDown(reason);
  }
}

export function tappedConnector<M>(
  tap: ChannelTap<M>,
  connect: ChannelConnector<M, M>,
): ChannelConnector<M, M> {
  return (remote, handler) =>
    new TappedChannel(
      tap,
      (tapped) => connect(remote, tapped),
      () => handler,
    );
}

export function tappedAcceptor<M>(tap: ChannelTap<M>, accept: ChannelAcceptor<M, M>): ChannelAcceptor<M, M> {
  return (channel) => new TappedChannel(tap, () => channel, accept);
}
