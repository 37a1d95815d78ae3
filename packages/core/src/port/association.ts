import type { MessageTransport } from '@rserpool/wire';
import type { DownReason } from './channel.ts';

/** SCTP payload protocol identifiers (RFC 5352 section 8.3, RFC 5353 section 5.4). */
export const PayloadProtocol = { unspecified: 0, asap: 11, enrp: 12 } as const;

/** A user message: its boundaries are kept, as SCTP does. */
export interface Message {
  /** Payload protocol identifier, unsigned 32 bit. */
  readonly payloadProtocolId: number;
  /** Messages of one stream arrive in order. */
  readonly streamId: number;
  readonly data: Uint8Array;
}

/** A connection that carries messages: an SCTP association, or a TCP or TLS connection with our framing. */
export interface Association {
  /** Where the peer is: port and all its known addresses. For an accepted one the address that it came from. */
  readonly remote: MessageTransport;
  readonly local: MessageTransport;
  /**
   * Queues a message; before the association is up too. Dropped when it is down, closed or aborted. Its bytes may go out later:
   * they must not be changed. Throws a TransportError for a message that no peer could take: empty or above the size limit.
   * @returns false when the sender should wait for onWritable before it sends more (backpressure); the message is queued all the same.
   */
  send(message: Message): boolean;
  /** Smoothed round-trip time, undefined until one was measured. */
  roundTripTimeMs(): number | undefined;
  /** Stops and resumes reading, so that a slow application slows its peer (backpressure inward). */
  pause(): void;
  resume(): void;
  /** Delivers what was sent, then ends in order. */
  close(): void;
  /** Ends at once; what was not acknowledged is handed back by onDown. */
  abort(): void;
}

/** What an association tells its owner; never inside a call of the association's own methods. */
export interface AssociationHandler {
  /** Opened and up. Not called for accepted ones: they are up. */
  onUp(): void;
  onMessage(message: Message): void;
  /** After `send` returned false: room again. */
  onWritable(): void;
  /**
   * The last call of all.
   * @param undelivered messages that were sent and that the peer's transport has not acknowledged, oldest first
   */
  onDown(reason: DownReason, undelivered: readonly Message[]): void;
}

/** A bound endpoint that accepts associations. */
export interface Endpoint {
  /** With the port that was really bound. */
  readonly local: MessageTransport;
  /** Opens an association from this endpoint: from its own port where the protocol is one-to-many (SCTP). */
  connect(remote: MessageTransport, handler: AssociationHandler): Association;
  /** Stops accepting and aborts every association that it accepted or opened: in SCTP they share its socket. */
  close(): void;
}

/** What a transport offers: one-to-many endpoints, associations, notifications by callback. */
export interface TransportPort {
  connect(remote: MessageTransport, handler: AssociationHandler): Association;
  /** Binds and listens; port 0 chooses one. Rejects with a TransportError when it cannot. */
  listen(
    local: MessageTransport,
    accept: (association: Association) => AssociationHandler,
  ): Promise<Endpoint>;
}
