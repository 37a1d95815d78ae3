import type { CaptureProtocol } from './payload-protocol.ts';

/** What carried a message: an SCTP packet in IP or in UDP (RFC 6951), our framing over TCP, or a datagram. */
export type CaptureTransport = 'sctp' | 'sctp-udp' | 'tcp' | 'udp';

/** A message of a capture, not yet decoded. */
export interface CapturedMessage {
  /** The packet that completed it; its number in the file from 1, as Wireshark counts. */
  readonly frame: number;
  /** Of that packet, in nanoseconds since 1970-01-01 UTC; undefined where the file does not say. */
  readonly timeNs: bigint | undefined;
  /** `address:port`, `[address]:port` for IPv6; the SCTP port for SCTP in UDP. */
  readonly source: string;
  readonly destination: string;
  readonly transport: CaptureTransport;
  readonly protocol: CaptureProtocol;
  /** Undefined for plain UDP, which has none. */
  readonly payloadProtocolId: number | undefined;
  /** The message's bytes, perhaps a view into the capture. */
  readonly data: Uint8Array;
}
