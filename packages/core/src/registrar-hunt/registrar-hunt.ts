import type { AsapMessage, MessageTransport, ServerAnnounce } from '@rserpool/wire';
import type { Channel, ChannelHandler, DownReason } from '../port/channel.ts';
import type { Timer } from '../port/host.ts';
import { KnownRegistrars } from './known-registrars.ts';
import { registrarHuntDefaults } from './registrar-hunt-options.ts';
import type {
  RegistrarHuntEvents,
  RegistrarHuntOptions,
  RegistrarUserHost,
} from './registrar-hunt-options.ts';

/** RFC 5352 section 3.6, SH1: no more associations than this at a time. */
const maxHuntAttempts = 3;

type RegistrarChannel = Channel<AsapMessage>;

/**
 * Finds a home registrar and keeps having one (RFC 5352 section 3.6). It hunts in rounds: up to three registrars are tried at a
 * time, those first that were not tried in earlier rounds; one that fails is replaced by another; the first that comes up
 * is the home registrar and the others are dropped.
 */
export class RegistrarHunt {
  readonly #host: RegistrarUserHost;
  readonly #options: Required<RegistrarHuntOptions>;
  readonly #events: RegistrarHuntEvents;
  readonly #known: KnownRegistrars;
  /** Channels that are being opened, with the key of the transport. */
  readonly #attempts = new Map<RegistrarChannel, string>();
  /** Channels that registrars opened, oldest first. */
  readonly #accepted = new Set<RegistrarChannel>();
  #triedThisRound = new Set<string>();
  #triedInEarlierRounds = new Set<string>();
  /** Were home registrars, one after the other, and none served: left out of the next round. */
  readonly #didNotServe = new Set<string>();
  /** 'waiting' for the next round or for a first registrar to become known, or in a round. */
  #phase: 'stopped' | 'settled' | 'waiting' | 'round' = 'stopped';
  #timer: Timer | undefined;
  #roundTimeoutMs: number;
  /** Rounds without success and registrars lost before they answered, in a row. */
  #failures = 0;
  #home: RegistrarChannel | undefined;
  /** Undefined where the registrar contacted us: the port that it came from is not the one it listens at. */
  #homeKey: string | undefined;
  #homeSinceMs = 0;

  constructor(host: RegistrarUserHost, options: RegistrarHuntOptions, events: RegistrarHuntEvents) {
    this.#host = host;
    this.#options = { ...registrarHuntDefaults, ...options };
    this.#events = events;
    this.#roundTimeoutMs = this.#options.huntTimeoutMs;
    this.#known = new KnownRegistrars(host, { ...this.#options, configured: options.registrars });
  }

  get home(): RegistrarChannel | undefined {
    return this.#home;
  }

  start(): void {
    if (this.#phase === 'stopped') this.#beginRound();
  }

  /** Closes the channel to the home registrar in order and forgets all others. Nothing is called back any more. */
  stop(): void {
    this.#endHunt();
    this.#phase = 'stopped';
    const home = this.#home;
    this.#home = undefined;
    this.#homeKey = undefined;
    home?.close();
    for (const channel of this.#accepted) if (channel !== home) channel.abort();
    this.#accepted.clear();
  }

  /** A multicast announce (RFC 5352 section 2.2.10). */
  serverAnnounced(message: ServerAnnounce, source: MessageTransport): void {
    const news = this.#known.announced(message, source);
    if (!news) return;
    if (this.#phase === 'waiting') this.#beginRound();
    else if (this.#phase === 'round') this.#fillAttempts();
  }

  /**
   * The home registrar does not serve: hunts for another one while this stays (RFC 5352 section 3.7.2).
   * @returns false, and no hunt begins, when no other is known
   */
  seekAnother(): boolean {
    if (this.#phase === 'settled') {
      if (this.#candidates().length === 0) this.#didNotServe.clear();
      if (this.#candidates().length > 0) this.#beginRound();
    }
    return this.#phase === 'waiting' || this.#phase === 'round';
  }

  /** The home registrar served: ends a hunt for another, and waiting times start from the beginning. */
  homeServed(): void {
    this.#failures = 0;
    this.#didNotServe.clear();
    if (this.#home !== undefined && this.#phase !== 'settled') this.#endHunt();
  }

  /** Takes a channel that a registrar opened. */
  accept(channel: RegistrarChannel): ChannelHandler<AsapMessage> {
    if (this.#phase === 'stopped') {
      channel.abort();
    } else {
      this.#accepted.add(channel);
      if (this.#accepted.size > this.#options.maxAccepted) this.#dropOldestAccepted();
    }
    return this.#handlerOf(() => channel);
  }

  /** Makes the registrar on a channel that it opened the home registrar (RFC 5352 section 3.4, KA2.4). */
  adopt(channel: RegistrarChannel): void {
    if (this.#accepted.has(channel) && channel !== this.#home) this.#settle(channel, undefined);
  }

  #beginRound(): void {
    this.#abortAttempts();
    this.#timer?.cancel();
    this.#triedThisRound = new Set();
    this.#phase = 'round';
    this.#timer = this.#host.setTimer(this.#roundTimeoutMs, () => this.#roundTimedOut());
    this.#fillAttempts();
  }

  /** SH1 and SH4. */
  #fillAttempts(): void {
    for (const [key, transport] of this.#candidates()) {
      if (this.#attempts.size >= maxHuntAttempts) return;
      if (this.#triedThisRound.has(key)) continue;
      this.#triedThisRound.add(key);
      const channel: RegistrarChannel = this.#host.connectRegistrar(
        transport,
        this.#handlerOf(() => channel),
      );
      this.#attempts.set(channel, key);
    }
    if (this.#attempts.size === 0) this.#roundFailed();
  }

  /** Not tried before first; never the home registrar, which is there already. */
  #candidates(): [string, MessageTransport][] {
    const candidates = [...this.#known.inRandomOrder()].filter(
      ([key]) => key !== this.#homeKey && !this.#didNotServe.has(key),
    );
    const isNew = ([key]: [string, MessageTransport]): boolean => !this.#triedInEarlierRounds.has(key);
    return [...candidates.filter(isNew), ...candidates.filter((entry) => !isNew(entry))];
  }

  /** SH5: T5-Serverhunt has expired. */
  #roundTimedOut(): void {
    this.#roundTimeoutMs = Math.min(this.#roundTimeoutMs * 2, this.#options.maxRetryDelayMs);
    this.#failures++;
    this.#rememberRound();
    this.#beginRound();
  }

  /** Every known registrar has failed before T5 expired, or none is known. */
  #roundFailed(): void {
    const noneKnown = this.#triedThisRound.size === 0;
    this.#failures++;
    this.#rememberRound();
    this.#wait(this.#backoffMs());
    this.#host.log('warn', noneKnown ? 'no registrar is known' : 'no registrar can be reached', {
      failures: this.#failures,
    });
  }

  #rememberRound(): void {
    this.#didNotServe.clear();
    const triedAll = this.#candidates().every(
      ([key]) => this.#triedInEarlierRounds.has(key) || this.#triedThisRound.has(key),
    );
    this.#triedInEarlierRounds = triedAll
      ? new Set()
      : new Set([...this.#triedInEarlierRounds, ...this.#triedThisRound]);
  }

  #wait(delayMs: number): void {
    this.#timer?.cancel();
    this.#phase = 'waiting';
    this.#timer = this.#host.setTimer(delayMs, () => this.#beginRound());
  }

  #backoffMs(): number {
    const { retryDelayMs, maxRetryDelayMs } = this.#options;
    const fullMs = Math.min(retryDelayMs * 2 ** (this.#failures - 1), maxRetryDelayMs);
    return fullMs * (0.75 + this.#randomFraction() / 2);
  }

  #handlerOf(channel: () => RegistrarChannel): ChannelHandler<AsapMessage> {
    return {
      onUp: () => this.#cameUp(channel()),
      onMessage: (message) => this.#received(message, channel()),
      onDown: (reason) => this.#wentDown(channel(), reason),
    };
  }

  #cameUp(channel: RegistrarChannel): void {
    const key = this.#attempts.get(channel);
    if (key === undefined) return;
    this.#attempts.delete(channel);
    this.#settle(channel, key);
  }

  #received(message: AsapMessage, channel: RegistrarChannel): void {
    if (channel === this.#home || this.#accepted.has(channel)) this.#events.onMessage(message, channel);
  }

  #wentDown(channel: RegistrarChannel, reason: DownReason): void {
    this.#accepted.delete(channel);
    if (channel === this.#home) this.#homeLost(reason);
    else if (this.#attempts.delete(channel)) this.#fillAttempts();
  }

  /** SH6. */
  #settle(channel: RegistrarChannel, key: string | undefined): void {
    const previous = this.#home;
    if (this.#homeKey !== undefined) this.#didNotServe.add(this.#homeKey);
    this.#home = channel;
    this.#homeKey = key;
    this.#homeSinceMs = this.#host.nowMs();
    this.#roundTimeoutMs = this.#options.huntTimeoutMs; // SH3
    this.#triedInEarlierRounds = new Set();
    this.#endHunt();
    this.#host.log('info', 'home registrar', { registrar: channel.remote });
    if (previous !== undefined) {
      this.#accepted.delete(previous);
      previous.close();
    }
    this.#events.onHome(channel);
  }

  #homeLost(reason: DownReason): void {
    this.#host.log('warn', 'home registrar lost', { registrar: this.#home?.remote, reason });
    const key = this.#homeKey;
    // One that was there for longer than the pause did not just hang up: its user had nothing to ask.
    if (this.#host.nowMs() - this.#homeSinceMs > this.#backoffMs()) this.#failures = 0;
    this.#home = undefined;
    this.#homeKey = undefined;
    if (this.#phase === 'settled') {
      if (key !== undefined) this.#triedInEarlierRounds.add(key); // SH5.2: others first
      this.#wait(
        this.#failures === 0 ? this.#options.lossJitterMs * this.#randomFraction() : this.#backoffMs(),
      );
    }
    this.#failures++; // until a home registrar has served
    this.#events.onLost();
  }

  #endHunt(): void {
    this.#timer?.cancel();
    this.#abortAttempts();
    this.#phase = 'settled';
  }

  #abortAttempts(): void {
    const channels = [...this.#attempts.keys()];
    this.#attempts.clear();
    for (const channel of channels) channel.abort();
  }

  #dropOldestAccepted(): void {
    for (const channel of this.#accepted) {
      if (channel === this.#home) continue;
      this.#accepted.delete(channel);
      channel.abort();
      return;
    }
  }

  #randomFraction(): number {
    return this.#host.randomUint32() / 2 ** 32;
  }
}
