import type { MessageTransport } from '@rserpool/wire';

/** Why a channel or an association is down. 'closed' is the only orderly one. */
export type DownReason =
  /** Either side closed it in order. */
  | 'closed'
  /** It could not be set up: refused, no route, timeout. */
  | 'unreachable'
  /** It was up and the peer is gone: reset, heartbeats or retransmissions unanswered. */
  | 'lost'
  /** Either side aborted it. */
  | 'aborted';

/**
 * An association as an engine sees it: messages of one protocol (ASAP or ENRP), already typed. Below it either a codec and an
 * {@link Association} (production, byte-exact tests) or nothing at all (simulator).
 */
export interface Channel<Outgoing> {
  /** Where the peer is. For an accepted channel the address that it came from. */
  readonly remote: MessageTransport;
  /** Sends, or drops silently when the channel is down: the engine hears of that through its handler. */
  send(message: Outgoing): void;
  /** Smoothed round-trip time, undefined until one was measured. */
  roundTripTimeMs(): number | undefined;
  /** Delivers what was sent, then ends. The handler's onDown follows. */
  close(): void;
  /** Ends at once. The handler's onDown follows. */
  abort(): void;
}

/** What a channel tells its engine. Nothing is called inside a call of the channel's own methods. */
export interface ChannelHandler<Incoming> {
  /** The channel that was opened with `connect` is up. Not called for accepted ones: they are up. */
  onUp(): void;
  onMessage(message: Incoming): void;
  /** The last call of all. */
  onDown(reason: DownReason): void;
}

/** Opens a channel to a peer; messages sent before it is up are queued. */
export type ChannelConnector<Outgoing, Incoming> = (
  remote: MessageTransport,
  handler: ChannelHandler<Incoming>,
) => Channel<Outgoing>;

/** Takes a channel that a peer opened. */
export type ChannelAcceptor<Outgoing, Incoming> = (channel: Channel<Outgoing>) => ChannelHandler<Incoming>;
