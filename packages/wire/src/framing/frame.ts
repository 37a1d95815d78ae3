/*
 * The framing that carries messages over TCP and TLS. All numbers are in network byte order. docs/tcp-framing.md tells what
 * it takes from draft-ietf-rserpool-tcpmapping, what it adds, and how the two sides use the frames.
 *
 * Each side opens with a HELLO:
 *
 *    0                   1                   2                   3
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |     0xD2      |   0x53 'S'    |   0x50 'P'    |   0x46 'F'    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Version = 1  |   Flags = 0   |    Length of the hello = 16   |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |      Maximum message size that its sender takes, bytes        |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |  Heartbeat timeout of its sender, milliseconds; 0 for none    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *
 * A longer hello (up to 256 bytes) is accepted and what is added is ignored. After it, frames back to back:
 *
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |     Type      |     Flags     |       Stream identifier       |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   |              Length of what follows, bytes                    |
 *   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 *   :                                                               :
 *
 *   type  name           what follows the header
 *   1     DATA           payload protocol identifier (4), message (1 to the maximum size); flag 0x01: acknowledge at once
 *   2     ACK            count (4)
 *   3     HEARTBEAT      count (4), token (4)
 *   4     HEARTBEAT_ACK  count (4), the token of the HEARTBEAT that it answers (4)
 *   5     CLOSE          count (4); no DATA of its sender follows
 *   6     ABORT          UTF-8 text for the log of the peer (0 to 255)
 *
 * `count` is the number of DATA frames that its sender has received and handed to its application, modulo 2^32. Only DATA has
 * a stream identifier; flags and stream identifiers that are not used are sent as 0 and ignored.
 */

export const framingMagic = [0xd2, 0x53, 0x50, 0x46] as const;
export const framingVersion = 1;
export const helloSizeBytes = 16;
export const maxHelloSizeBytes = 256;
export const frameHeaderSizeBytes = 8;
/** The frame header and the payload protocol identifier. */
export const dataHeaderSizeBytes = 12;
export const maxAbortTextBytes = 255;

export const FrameType = { data: 1, ack: 2, heartbeat: 3, heartbeatAck: 4, close: 5, abort: 6 } as const;
/** Flag of DATA: the sender waits for room, acknowledge at once (compare the I bit of RFC 7053). */
export const ackNowFlag = 0x01;

/** The user message of a DATA frame; the shape of the transport port's Message. */
export interface FramedMessage {
  /** Payload protocol identifier, unsigned 32 bit. */
  readonly payloadProtocolId: number;
  /** Unsigned 16 bit. */
  readonly streamId: number;
  /** At least one byte, as in SCTP. */
  readonly data: Uint8Array;
}

/** Opens a connection, first in both directions. */
export interface HelloFrame {
  readonly type: 'hello';
  /** The largest message that its sender takes. */
  readonly maxMessageBytes: number;
  /** After so much silence its sender takes the peer for dead; 0 when it does not watch. */
  readonly heartbeatTimeoutMs: number;
}

export interface DataFrame {
  readonly type: 'data';
  readonly ackNow: boolean;
  readonly message: FramedMessage;
}

export interface AckFrame {
  readonly type: 'ack';
  /** DATA frames received so far, modulo 2^32. */
  readonly count: number;
}

export interface HeartbeatFrame {
  readonly type: 'heartbeat' | 'heartbeat-ack';
  readonly count: number;
  /** Opaque to the peer, which sends it back. */
  readonly token: number;
}

export interface CloseFrame {
  readonly type: 'close';
  readonly count: number;
}

export interface AbortFrame {
  readonly type: 'abort';
  /** Why, for the peer's log; cut to 255 bytes. */
  readonly text: string;
}

/** All frames but DATA: small, and rare beside it. */
export type ControlFrame = HelloFrame | AckFrame | HeartbeatFrame | CloseFrame | AbortFrame;

/** The peer has sent ASAP messages without any framing (RFC 5352 section 2.1, pool user over TCP). Stands in the place of the hello. */
export interface BareAsapFrame {
  readonly type: 'bare-asap';
}

/** Why bytes are not the framing. */
export type FramingErrorCode =
  /** An HTTP request. */
  | 'http'
  /** TLS on a connection that expects none. */
  | 'tls'
  /** Neither HTTP nor TLS nor the framing. */
  | 'stranger'
  /** The framing, of a version that we do not speak. */
  | 'version'
  /** A frame type that does not exist. */
  | 'unknown-type'
  /** A length that the frame's type does not allow. */
  | 'length'
  /** A message above the maximum size. */
  | 'oversized';

/** The bytes are not the framing, and there is no way to go on. */
export interface MalformedFrame {
  readonly type: 'malformed';
  readonly code: FramingErrorCode;
  /** What was expected and what was there. */
  readonly text: string;
}

/** What the decoder finds. */
export type DecodedFrame = ControlFrame | DataFrame | BareAsapFrame | MalformedFrame;
