import { StructLayout } from '../linux/struct-layout.ts';

/*
 * Structures and numbers of Linux's SCTP sockets (linux/sctp.h; RFC 6458 has their meaning), for 64-bit little-endian machines:
 * x86-64 and arm64. test/sctp-structures.test.ts compares them with a C compiler's.
 */

/** What the kernel declares with `__attribute__((packed, aligned(4)))`. */
const packed = 4;

/** IPPROTO_SCTP: the protocol, and the level of its options and control messages. */
export const sctpProtocol = 132;

/** Options (setsockopt, getsockopt). */
export const SctpOption = {
  rtoInfo: 0,
  associationInfo: 1,
  initMessage: 2,
  noDelay: 3,
  autoclose: 4,
  peerAddressParameters: 9,
  status: 14,
  peerAddressInfo: 15,
  delayedAcknowledgement: 16,
  maxBurst: 20,
  receiveInfo: 32,
  bindxAdd: 100,
  peerAddresses: 108,
  localAddresses: 109,
  connectx3: 111,
  peelOffFlags: 122,
  event: 127,
} as const;

/** Types of control messages. */
export const SctpControl = { sendInfo: 2, receiveInfo: 3 } as const;

/** Flags of a sent message. */
export const SctpFlag = { abort: 0x4, endOfAssociation: 0x200 } as const;

/** MSG_NOTIFICATION: what was received is a notification. */
export const notificationFlag = 0x8000;

export const NotificationType = {
  associationChange: 0x8001,
  peerAddressChange: 0x8002,
  remoteError: 0x8004,
  shutdown: 0x8005,
  partialDelivery: 0x8006,
  sendFailed: 0x800d,
} as const;

/** States of an association change, by their number. */
export const associationChanges = ['up', 'lost', 'restarted', 'closed', 'cannot-start'] as const;
/** States of a peer address change, by their number. */
export const addressChanges = [
  'available',
  'unreachable',
  'removed',
  'added',
  'made-primary',
  'confirmed',
  'potentially-failed',
] as const;
/** States of a path, by their number. */
export const pathStates = ['inactive', 'potentially-failed', 'active', 'unconfirmed'] as const;
/** States of an association, by their number. */
export const associationStates = [
  'empty',
  'closed',
  'cookie-wait',
  'cookie-echoed',
  'established',
  'shutdown-pending',
  'shutdown-sent',
  'shutdown-received',
  'shutdown-ack-sent',
] as const;

/** Bits of peer address parameters. */
export const PeerAddressFlag = { heartbeatEnable: 1, heartbeatDisable: 2, heartbeatDemand: 4 } as const;

export const initMessageLayout = new StructLayout({
  outboundStreams: 'u16',
  inboundStreams: 'u16',
  maxAttempts: 'u16',
  maxTimeoutMs: 'u16',
});
export const sendInfoLayout = new StructLayout({
  streamId: 'u16',
  flags: 'u16',
  payloadProtocolId: 'u32be',
  context: 'u32',
  associationId: 'i32',
});
export const receiveInfoLayout = new StructLayout({
  streamId: 'u16',
  streamSequence: 'u16',
  flags: 'u16',
  payloadProtocolId: 'u32be',
  tsn: 'u32',
  cumulativeTsn: 'u32',
  context: 'u32',
  associationId: 'i32',
});

const notificationHeader = { type: 'u16', flags: 'u16', length: 'u32' } as const;
export const notificationLayout = new StructLayout(notificationHeader);
export const associationChangeLayout = new StructLayout({
  ...notificationHeader,
  state: 'u16',
  error: 'u16be',
  outboundStreams: 'u16',
  inboundStreams: 'u16',
  associationId: 'i32',
});
export const peerAddressChangeLayout = new StructLayout(
  { ...notificationHeader, address: 'sockaddr', state: 'i32', error: 'i32', associationId: 'i32' },
  packed,
);
export const remoteErrorLayout = new StructLayout({
  ...notificationHeader,
  error: 'u16be',
  associationId: 'i32',
});
/** The message's bytes follow. */
export const sendFailedLayout = new StructLayout({
  ...notificationHeader,
  error: 'u32',
  streamId: 'u16',
  messageFlags: 'u16',
  payloadProtocolId: 'u32be',
  context: 'u32',
  infoAssociationId: 'i32',
  associationId: 'i32',
});
export const shutdownLayout = new StructLayout({ ...notificationHeader, associationId: 'i32' });
export const partialDeliveryLayout = new StructLayout({
  ...notificationHeader,
  indication: 'u32',
  associationId: 'i32',
  streamId: 'u32',
  streamSequence: 'u32',
});

export const rtoInfoLayout = new StructLayout({
  associationId: 'i32',
  initialMs: 'u32',
  maxMs: 'u32',
  minMs: 'u32',
});
export const associationInfoLayout = new StructLayout({
  associationId: 'i32',
  maxRetransmissions: 'u16',
  peerAddresses: 'u16',
  peerWindowBytes: 'u32',
  localWindowBytes: 'u32',
  cookieLifeMs: 'u32',
});
export const peerAddressParametersLayout = new StructLayout(
  {
    associationId: 'i32',
    address: 'sockaddr',
    heartbeatIntervalMs: 'u32',
    maxRetransmissions: 'u16',
    pathMtuBytes: 'u32',
    sackDelayMs: 'u32',
    flags: 'u32',
    flowLabel: 'u32',
    dscp: 'u8',
  },
  packed,
);
export const delayedAcknowledgementLayout = new StructLayout({
  associationId: 'i32',
  delayMs: 'u32',
  frequency: 'u32',
});
export const associationValueLayout = new StructLayout({ associationId: 'i32', value: 'u32' });
export const eventLayout = new StructLayout({ associationId: 'i32', type: 'u16', on: 'u8' });

const peerAddressInfo = {
  associationId: 'i32',
  address: 'sockaddr',
  state: 'i32',
  congestionWindowBytes: 'u32',
  smoothedRoundTripTicks: 'u32',
  rtoMs: 'u32',
  mtuBytes: 'u32',
} as const;
export const peerAddressInfoLayout = new StructLayout(peerAddressInfo, packed);
/** Its last member is the struct sctp_paddrinfo of the primary path. */
export const statusLayout = new StructLayout(
  {
    statusAssociationId: 'i32',
    associationState: 'i32',
    peerWindowBytes: 'u32',
    unacknowledgedChunks: 'u16',
    pendingChunks: 'u16',
    inboundStreams: 'u16',
    outboundStreams: 'u16',
    fragmentationPoint: 'u32',
    ...peerAddressInfo,
  },
  packed,
);
/** The addresses follow without gaps. */
export const addressListLayout = new StructLayout({ associationId: 'i32', count: 'u32' });
export const connectLayout = new StructLayout({ associationId: 'i32', sizeBytes: 'i32', addresses: 'u64' });
export const peelOffLayout = new StructLayout({ associationId: 'i32', descriptor: 'i32', flags: 'u32' });
