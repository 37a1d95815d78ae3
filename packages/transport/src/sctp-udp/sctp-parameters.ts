import type { EndpointLimits, ProtocolParameters } from '@rserpool/sctp';
import type { TransportLimits, TransportTiming } from '../limits.ts';

/** As many as anybody has used with RSerPool, times ten; peers may have fewer. */
export const streams = { outbound: 256, inbound: 1_024 } as const;

/** A peer may be sent a message that fills its window, and must have room for what belongs to the next. */
const leastReceiveWindowBytes = 128 * 1024;

/**
 * SCTP's parameters for a transport's timing. RFC 9260's own would find a dead peer after minutes; RSerPool's answer to a lost peer is
 * to go elsewhere, so it wants to know soon.
 *
 * With the default timing: RTO from 200 ms to 1 s, heartbeats every second; six unanswered transmissions in a row lose the peer. When
 * nothing is on its way to it, that takes 11 s, as TCP's heartbeats take 10 s to 14 s; when something is, at most 4.4 s, and with several paths,
 * all of which fail, less. A path is left after three.
 */
export function protocolParametersOf(timing: TransportTiming): Partial<ProtocolParameters> {
  const { heartbeatIntervalMs, heartbeatTimeoutMs } = timing;
  const rtoMaxMs = Math.min(Math.max(heartbeatIntervalMs / 2, 100), 60_000);
  const rtoMinMs = Math.min(rtoMaxMs / 5, 1_000);
  const watches = heartbeatTimeoutMs > 0;
  return {
    rtoInitialMs: rtoMaxMs / 2,
    rtoMinMs,
    rtoMaxMs,
    sackDelayMs: Math.min(timing.acknowledgeDelayMs, rtoMinMs / 2),
    heartbeatIntervalMs: watches ? heartbeatIntervalMs / 2 : 0,
    pathMaxRetransmissions: 2,
    associationMaxRetransmissions: watches
      ? Math.min(Math.max(Math.round(heartbeatTimeoutMs / heartbeatIntervalMs), 2), 100)
      : 10,
    maxInitRetransmissions: 4,
  };
}

/** SCTP's limits for those of a transport. */
export function endpointLimitsOf(limits: TransportLimits): Partial<EndpointLimits> {
  return {
    maxAssociations: limits.maxAssociationsPerEndpoint,
    maxStreams: streams.inbound,
    maxReceivedMessageBytes: limits.maxMessageBytes,
    maxSentMessageBytes: limits.maxMessageBytes,
    receiveWindowBytes: Math.max(limits.maxMessageBytes, leastReceiveWindowBytes),
    highWaterBytes: limits.highWaterBytes,
    lowWaterBytes: limits.lowWaterBytes,
    maxSendBufferBytes: limits.maxBufferedBytes,
  };
}
