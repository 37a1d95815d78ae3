import type { ProtocolParameters } from '@rserpool/sctp';
import type { KernelSocket } from './kernel-socket.ts';
import {
  NotificationType,
  PeerAddressFlag,
  SctpOption,
  associationInfoLayout,
  associationValueLayout,
  delayedAcknowledgementLayout,
  eventLayout,
  initMessageLayout,
  peerAddressParametersLayout,
  rtoInfoLayout,
} from './sctp-structures.ts';

export interface StreamCounts {
  readonly outbound: number;
  readonly inbound: number;
}

const maxUint16 = 0xffff;

/**
 * Sets what future associations of a one-to-many socket have. Of the parameters, rtoAlpha and rtoBeta are the machine's (sysctl
 * net.sctp.rto_alpha_exp_divisor and rto_beta_exp_divisor) and are left alone. Parameters that are undefined keep the machine's value.
 * @throws Error with a system code for one that the kernel does not take
 */
export function applyParameters(
  socket: KernelSocket,
  streams: StreamCounts,
  parameters: Partial<ProtocolParameters>,
): void {
  setTimeouts(socket, parameters);
  setPaths(socket, parameters);
  const {
    maxInitRetransmissions = 0,
    rtoMaxMs = 0,
    noDelay = true,
    maxBurstPackets,
    autocloseMs = 0,
  } = parameters;
  socket.setOption(
    SctpOption.initMessage,
    initMessageLayout.encode({
      outboundStreams: streams.outbound,
      inboundStreams: streams.inbound,
      maxAttempts: maxInitRetransmissions,
      maxTimeoutMs: Math.min(rtoMaxMs, maxUint16),
    }),
  );
  socket.setOption(SctpOption.noDelay, int32(noDelay ? 1 : 0));
  if (autocloseMs > 0) socket.setOption(SctpOption.autoclose, int32(Math.ceil(autocloseMs / 1_000)));
  if (maxBurstPackets !== undefined)
    socket.setOption(SctpOption.maxBurst, associationValueLayout.encode({ value: maxBurstPackets }));
}

/** Asks for the control message and the notifications that an association is run by. */
export function subscribe(socket: KernelSocket): void {
  socket.setOption(SctpOption.receiveInfo, int32(1));
  for (const type of Object.values(NotificationType))
    socket.setOption(SctpOption.event, eventLayout.encode({ type, on: 1 }));
}

/** Sends a HEARTBEAT at once on every path, so that the round-trip time is known. */
export function demandHeartbeat(socket: KernelSocket, associationId: number): void {
  const flags = PeerAddressFlag.heartbeatDemand;
  socket.setOption(
    SctpOption.peerAddressParameters,
    peerAddressParametersLayout.encode({ associationId, flags }),
  );
}

/** In these structures zero leaves a value as it is. */
function setTimeouts(socket: KernelSocket, parameters: Partial<ProtocolParameters>): void {
  const { rtoInitialMs = 0, rtoMinMs = 0, rtoMaxMs = 0 } = parameters;
  const { associationMaxRetransmissions = 0, cookieLifeMs = 0 } = parameters;
  socket.setOption(
    SctpOption.rtoInfo,
    rtoInfoLayout.encode({ initialMs: rtoInitialMs, minMs: rtoMinMs, maxMs: rtoMaxMs }),
  );
  socket.setOption(
    SctpOption.associationInfo,
    associationInfoLayout.encode({ maxRetransmissions: associationMaxRetransmissions, cookieLifeMs }),
  );
}

function setPaths(socket: KernelSocket, parameters: Partial<ProtocolParameters>): void {
  const { heartbeatIntervalMs, pathMaxRetransmissions = 0, sackDelayMs } = parameters;
  const { heartbeatEnable, heartbeatDisable } = PeerAddressFlag;
  const heartbeats = heartbeatIntervalMs === 0 ? heartbeatDisable : heartbeatEnable;
  socket.setOption(
    SctpOption.peerAddressParameters,
    peerAddressParametersLayout.encode({
      heartbeatIntervalMs: heartbeatIntervalMs ?? 0,
      maxRetransmissions: pathMaxRetransmissions,
      flags: heartbeatIntervalMs === undefined ? 0 : heartbeats,
    }),
  );
  if (sackDelayMs === undefined) return;
  const everyOne = 1; // a frequency of 1 is no delay
  const delay = sackDelayMs === 0 ? { frequency: everyOne } : { delayMs: sackDelayMs, frequency: 2 };
  socket.setOption(SctpOption.delayedAcknowledgement, delayedAcknowledgementLayout.encode(delay));
}

function int32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  return bytes;
}
