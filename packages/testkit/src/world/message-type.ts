/** What the network needs to know of the messages that it carries. */
export interface MessageType<M> {
  /** For observers and traces. */
  readonly name?: string;
  /** What a message takes of a link's bandwidth, in bytes. Default: nothing. */
  readonly sizeOf?: (message: M) => number;
}

/** The same of messages that travel in connections. */
export interface StreamedMessageType<M> extends MessageType<M> {
  /** Messages of one stream arrive in order; those of others may overtake them. Default: there is one stream. */
  readonly streamOf?: (message: M) => number;
}
