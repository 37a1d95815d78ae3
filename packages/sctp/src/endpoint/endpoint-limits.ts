/**
 * What an endpoint takes upon itself for its peers, at most. Everything that a peer can make grow is bounded by one of these
 * (RFC 9260 section 12.2.4.3).
 */
export interface EndpointLimits {
  /** Associations, opened and accepted; further INITs are refused. Default: 10,000. */
  readonly maxAssociations: number;
  /** Addresses that are remembered for a peer; further ones are ignored. Default: 16. */
  readonly maxPeerAddresses: number;
  /** Streams in each direction for an association; what a peer offers or asks above is cut. Default: 1,024. */
  readonly maxStreams: number;
  /** A received user message; a larger one aborts its association. Default: 1 MiB. */
  readonly maxReceivedMessageBytes: number;
  /** A sent user message; `send` throws for a larger one. Default: 1 MiB. */
  readonly maxSentMessageBytes: number;
  /** Receive window for an association: what waits for missing fragments, for its turn or for the application. Default: 1 MiB. At least 1,500. */
  readonly receiveWindowBytes: number;
  /** Chunks that the same things may consist of. Default: 32,768. */
  readonly maxHeldChunks: number;
  /** Unacknowledged and waiting user bytes above which `send` returns false. Default: 1 MiB. */
  readonly highWaterBytes: number;
  /** The handler hears of room again when they have fallen to this. Default: 256 KiB. */
  readonly lowWaterBytes: number;
  /** Above this the association is aborted: its application does not heed `send`. Default: 64 MiB. */
  readonly maxSendBufferBytes: number;
  /** INITs and out-of-the-blue packets that are answered in a second; further ones are dropped in silence. Default: 50,000. */
  readonly maxStatelessAnswersPerSecond: number;
}

export const defaultEndpointLimits: EndpointLimits = {
  maxAssociations: 10_000,
  maxPeerAddresses: 16,
  maxStreams: 1_024,
  maxReceivedMessageBytes: 1_048_576,
  maxSentMessageBytes: 1_048_576,
  receiveWindowBytes: 1_048_576,
  maxHeldChunks: 32_768,
  highWaterBytes: 1_048_576,
  lowWaterBytes: 262_144,
  maxSendBufferBytes: 67_108_864,
  maxStatelessAnswersPerSecond: 50_000,
};
