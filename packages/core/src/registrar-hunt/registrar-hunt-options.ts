import type { AsapMessage, MessageTransport } from '@rserpool/wire';
import type { Channel, ChannelConnector } from '../port/channel.ts';
import type { Host } from '../port/host.ts';

/** The host of an engine that talks to registrars. */
export interface RegistrarUserHost extends Host {
  readonly connectRegistrar: ChannelConnector<AsapMessage, AsapMessage>;
}

/** All times in milliseconds. */
export interface RegistrarHuntOptions {
  /** Configured registrars. May be empty where announces are heard. */
  readonly registrars: readonly MessageTransport[];
  /** T5-Serverhunt: how long one round of attempts may take; doubled after each. Default 10,000 (RFC 5352 section 7.1). */
  readonly huntTimeoutMs?: number;
  /** RETRAN-MAX: ceiling of that doubling and of all waiting between attempts. Default 60,000 (RFC 5352 section 7.3). */
  readonly maxRetryDelayMs?: number;
  /**
   * Wait before the next round when all attempts of one failed before T5 expired, or when a home registrar went away that
   * never answered anything; doubled each time, and varied by a quarter. Default 500.
   */
  readonly retryDelayMs?: number;
  /** The hunt after the loss of a home registrar starts at a random time within this, for its other users lost it too. Default 100. */
  readonly lossJitterMs?: number;
  /** T7-ENRPoutdate: how long an announced registrar is known. Default 5,000 (RFC 5352 section 7.1). */
  readonly announceLifeMs?: number;
  /** Announced transports to remember; further ones are ignored. Default 64. */
  readonly maxAnnounced?: number;
  /** Channels opened by registrars to keep; the oldest that is not the home registrar's is aborted for one more. Default 16. */
  readonly maxAccepted?: number;
}

export const registrarHuntDefaults = {
  huntTimeoutMs: 10_000,
  maxRetryDelayMs: 60_000,
  retryDelayMs: 500,
  lossJitterMs: 100,
  announceLifeMs: 5_000,
  maxAnnounced: 64,
  maxAccepted: 16,
} as const;

export interface RegistrarHuntEvents {
  /** There is a home registrar, perhaps in place of another: send all requests to it. */
  onHome(channel: Channel<AsapMessage>): void;
  /** The home registrar is gone; unless the hunt is stopped now, it looks for another. */
  onLost(): void;
  /** From the home registrar, or from another on a channel that it opened. */
  onMessage(message: AsapMessage, channel: Channel<AsapMessage>): void;
}
