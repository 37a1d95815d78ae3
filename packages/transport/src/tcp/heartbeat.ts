import { minHeartbeatIntervalMs } from '../limits.ts';
import { RoundTripTime } from '../round-trip-time.ts';

export interface HeartbeatOptions {
  /** How often to send. */
  readonly intervalMs: number;
  /** After so much silence the peer is dead; 0 does not watch. */
  readonly timeoutMs: number;
  /** After so much silence the peer takes us for dead; 0 when it does not watch. */
  readonly peerTimeoutMs: number;
  /** False while this side does not read, and so cannot hear. */
  isListening(): boolean;
  sendHeartbeat(token: number): void;
  onSilence(): void;
}

/**
 * Sends heartbeats, measures the round-trip time by their answers, and finds a dead peer.
 *
 * Anything that arrives is a sign of life, since a peer that does not read (a slow application) does not answer heartbeats
 * but goes on sending its own. Silence is counted in intervals of this side, not by the clock: an event loop that was blocked
 * for long finds one interval gone, not the peer dead.
 */
export class Heartbeat {
  readonly #roundTripTime = new RoundTripTime();
  #timer: NodeJS.Timeout | undefined;
  #intervalMs = 0;
  #silentIntervals = 0;
  #token = 0;
  #sentAtMs: number | undefined;

  get roundTripTimeMs(): number | undefined {
    return this.#roundTripTime.smoothedMs;
  }

  start(options: HeartbeatOptions): void {
    const forPeerMs = options.peerTimeoutMs > 0 ? Math.floor(options.peerTimeoutMs / 3) : options.intervalMs;
    this.#intervalMs = Math.max(Math.min(options.intervalMs, forPeerMs), minHeartbeatIntervalMs);
    this.#timer = setInterval(() => this.#tick(options), this.#intervalMs);
    this.#send(options);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Something came from the peer. */
  heard(): void {
    this.#silentIntervals = 0;
  }

  /** Only the answer to the newest heartbeat counts: an older one has waited behind something (compare RFC 6298 section 3). */
  answered(token: number): void {
    if (this.#sentAtMs === undefined || token !== this.#token) return;
    this.#roundTripTime.add(performance.now() - this.#sentAtMs);
    this.#sentAtMs = undefined;
  }

  #tick(options: HeartbeatOptions): void {
    if (options.isListening()) this.#silentIntervals += 1;
    else this.#silentIntervals = 0;
    // The interval in which the last sign of life came is not silent as a whole.
    const silentMs = (this.#silentIntervals - 1) * this.#intervalMs;
    if (options.timeoutMs > 0 && silentMs >= options.timeoutMs) options.onSilence();
    else this.#send(options);
  }

  #send(options: HeartbeatOptions): void {
    this.#token = (this.#token + 1) >>> 0;
    this.#sentAtMs = performance.now();
    options.sendHeartbeat(this.#token);
  }
}
