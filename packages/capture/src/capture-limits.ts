/** How much a reader of a capture holds at a time, besides the capture itself. What is beyond is left out with a note. */
export interface CaptureLimits {
  /** SCTP DATA chunks that are remembered, so that retransmissions are recognised. Default 262,144. */
  readonly maxRememberedChunks: number;
  /** Bytes of unfinished SCTP messages, IP datagrams and TCP streams, each. Default 16 MiB. */
  readonly maxPendingBytes: number;
  /** IP datagrams that wait for fragments. Default 256. */
  readonly maxPendingDatagrams: number;
  /** TCP connections, each direction counted on its own. Default 4,096. */
  readonly maxTcpStreams: number;
}

export const defaultCaptureLimits: CaptureLimits = {
  maxRememberedChunks: 262_144,
  maxPendingBytes: 16 * 1024 * 1024,
  maxPendingDatagrams: 256,
  maxTcpStreams: 4096,
};
