import { TransportError } from './transport-error.ts';

/** What a peer or a careless application can make this process hold, and for how long. LIMITS.md repeats the defaults. */
export interface TransportLimits {
  /** The largest message that is sent or taken. A state cookie (64 KiB) fits many times. */
  readonly maxMessageBytes: number;
  /**
   * `send` returns false above this, counted over all messages that the peer has not acknowledged, each as its bytes and 64.
   * It is also the window: at most so much is on its way in one round-trip time.
   */
  readonly highWaterBytes: number;
  /** onWritable comes when so little is left. */
  readonly lowWaterBytes: number;
  /** An association whose application goes on sending regardless is aborted above this. */
  readonly maxBufferedBytes: number;
  /** Accepted associations of an endpoint, those that have not said hello included; more are refused. */
  readonly maxAssociationsPerEndpoint: number;
}

export const defaultTransportLimits: TransportLimits = {
  maxMessageBytes: 1024 * 1024,
  highWaterBytes: 1024 * 1024,
  lowWaterBytes: 256 * 1024,
  maxBufferedBytes: 16 * 1024 * 1024,
  maxAssociationsPerEndpoint: 10_000,
};

/** How long things may take, in milliseconds. */
export interface TransportTiming {
  /** From `connect` to onUp, TLS included; then 'unreachable'. */
  readonly connectTimeoutMs: number;
  /** An accepted connection must have said hello by then. With TLS twice this: once for TLS, once for the hello. */
  readonly handshakeTimeoutMs: number;
  /** A heartbeat is sent so often; more often when the peer's timeout needs it. */
  readonly heartbeatIntervalMs: number;
  /**
   * After so much silence the peer is 'lost'. Found after at most this and two intervals. Longer than the application of the
   * peer may block its event loop. 0 does not watch.
   */
  readonly heartbeatTimeoutMs: number;
  /** An acknowledgement is sent so long after a message at the latest. */
  readonly acknowledgeDelayMs: number;
  /** From `close`, or from the peer's, to the end; then 'lost'. */
  readonly closeTimeoutMs: number;
}

export const defaultTransportTiming: TransportTiming = {
  connectTimeoutMs: 10_000,
  handshakeTimeoutMs: 5_000,
  heartbeatIntervalMs: 2_000,
  heartbeatTimeoutMs: 10_000,
  acknowledgeDelayMs: 50,
  closeTimeoutMs: 5_000,
};

/** What the retained form of a message costs beside its bytes. */
export const messageOverheadBytes = 64;
/** A receiver acknowledges at once after so many messages or bytes. */
export const acknowledgeEveryMessages = 256;
export const acknowledgeEveryBytes = 64 * 1024;
/** Heartbeats are not sent more often, whatever the peer asks for. */
export const minHeartbeatIntervalMs = 20;
/** Log entries of one transport in a second; strangers must not fill the disk. */
export const maxLogEntriesPerSecond = 20;

const maxTimerMs = 2 ** 31 - 1;

/** Defaults filled in, and everything checked. @throws TransportError invalid-argument */
export function transportLimits(given: Partial<TransportLimits> = {}): TransportLimits {
  const limits = { ...defaultTransportLimits, ...given };
  for (const [name, value] of Object.entries(limits)) checkInteger(name, value, 1, Number.MAX_SAFE_INTEGER);
  checkInteger('maxMessageBytes', limits.maxMessageBytes, 1, 2 ** 31);
  checkInteger('lowWaterBytes', limits.lowWaterBytes, 1, limits.highWaterBytes);
  const least = limits.highWaterBytes + limits.maxMessageBytes;
  checkInteger('maxBufferedBytes', limits.maxBufferedBytes, least, Number.MAX_SAFE_INTEGER);
  return limits;
}

/** Defaults filled in, and everything checked. @throws TransportError invalid-argument */
export function transportTiming(given: Partial<TransportTiming> = {}): TransportTiming {
  const timing = { ...defaultTransportTiming, ...given };
  for (const [name, value] of Object.entries(timing)) {
    checkInteger(name, value, name === 'heartbeatTimeoutMs' ? 0 : 1, maxTimerMs);
  }
  return timing;
}

function checkInteger(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new TransportError(
    'invalid-argument',
    `${name}: expected an integer from ${least} to ${most}, got ${value}`,
  );
}
