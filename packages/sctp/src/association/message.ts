/** A user message to send. */
export interface OutgoingMessage {
  /** At least one byte. Must not be changed until it is acknowledged. */
  readonly data: Uint8Array;
  /** Default: 0. */
  readonly streamId?: number;
  /** Carried unchanged, for the upper layer. Default: 0. */
  readonly payloadProtocolId?: number;
  /** Delivered as soon as it is complete, whatever else of its stream is missing. Default: false. */
  readonly unordered?: boolean;
  /** Asks the peer to acknowledge without delay (the I bit, RFC 9260 section 3.3.1). Default: false. */
  readonly immediate?: boolean;
}

/** A user message that has arrived whole. */
export interface ReceivedMessage {
  readonly data: Uint8Array;
  readonly streamId: number;
  readonly payloadProtocolId: number;
  readonly unordered: boolean;
}
