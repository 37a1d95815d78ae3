/** RFC 9260 section 4. */
export type AssociationState =
  | 'closed'
  | 'cookie-wait'
  | 'cookie-echoed'
  | 'established'
  | 'shutdown-pending'
  | 'shutdown-sent'
  | 'shutdown-received'
  | 'shutdown-ack-sent';

/** RFC 9260 section 11.1.8; `unconfirmed` until the peer has answered a HEARTBEAT there (section 5.4). */
export type PathState = 'unconfirmed' | 'active' | 'inactive';

/** What has become of a path (RFC 6458 section 6.1.2): another state, or the peer has given itself a further address, given one up, or asked for one. */
export type PathChange = 'state' | 'added' | 'removed' | 'primary';

export interface PathStatus {
  /** The peer's address. */
  readonly address: string;
  readonly udpPort: number;
  /** Where packets on this path are sent from. */
  readonly localAddress: string;
  readonly state: PathState;
  readonly isPrimary: boolean;
  /** Undefined until one was measured. */
  readonly smoothedRoundTripTimeMs: number | undefined;
  readonly rtoMs: number;
  readonly congestionWindowBytes: number;
  readonly slowStartThresholdBytes: number;
  /** Sent on this path and not acknowledged. */
  readonly flightBytes: number;
  /** Unanswered transmissions in a row. */
  readonly errorCount: number;
  readonly maxPacketBytes: number;
}

/** RFC 9260 section 11.1.7. */
export interface AssociationStatus {
  readonly state: AssociationState;
  readonly peerWindowBytes: number;
  readonly outboundStreams: number;
  readonly inboundStreams: number;
  /** User bytes that wait to be sent, and that are on their way. */
  readonly unsentBytes: number;
  readonly unacknowledgedBytes: number;
  /** Received, not yet given to the application. */
  readonly heldBytes: number;
  readonly paths: readonly PathStatus[];
  readonly counters: AssociationCounters;
}

export interface AssociationCounters {
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly dataChunksSent: number;
  readonly dataChunksRetransmitted: number;
  readonly fastRetransmissions: number;
  readonly retransmissionTimeouts: number;
  readonly duplicatesReceived: number;
}
