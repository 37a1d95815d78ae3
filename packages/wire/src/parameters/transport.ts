/** Transport Use (RFC 5354 section 3.4): user data only, or user data plus the ASAP control channel (cookies, business cards). */
export type TransportUse = 'data' | 'data-control';

/** An IP address as text: dotted decimal IPv4, or IPv6 in RFC 5952 form. IPv4-mapped IPv6 is written as IPv4. */
export type IpAddress = string;

/** SCTP Transport (RFC 5354 section 3.4): one port, one or more addresses of either family. */
export interface SctpTransport {
  readonly protocol: 'sctp';
  readonly port: number;
  readonly use: TransportUse;
  /** At least one. */
  readonly addresses: readonly IpAddress[];
}

/**
 * TCP Transport (RFC 5354 section 3.5): one address. The RFC reserves the field that RSPLIB uses for the Transport Use; we
 * write it like RSPLIB when it is 'data-control', because our TCP framing carries a control channel beside the data.
 */
export interface TcpTransport {
  readonly protocol: 'tcp';
  readonly port: number;
  readonly use: TransportUse;
  /** Exactly one. */
  readonly addresses: readonly IpAddress[];
}

/** UDP Transport or UDP-Lite Transport (RFC 5354 sections 3.6 and 3.7): data only. */
export interface UdpTransport {
  readonly protocol: 'udp' | 'udp-lite';
  readonly port: number;
  /** Exactly one. */
  readonly addresses: readonly IpAddress[];
}

/** DCCP Transport (RFC 5354 section 3.3): data only. */
export interface DccpTransport {
  readonly protocol: 'dccp';
  readonly port: number;
  readonly serviceCode: number;
  /** Exactly one. */
  readonly addresses: readonly IpAddress[];
}

/** Opaque Transport (RFC 5354 section 3.16): bytes that only the application understands. */
export interface OpaqueTransport {
  readonly protocol: 'opaque';
  readonly data: Uint8Array;
}

/** Where a pool element or a registrar is reached: any transport parameter of RFC 5354. */
export type Transport = SctpTransport | TcpTransport | UdpTransport | DccpTransport | OpaqueTransport;

/** A transport that carries ASAP and ENRP messages: SCTP, or TCP with the framing of `framing/`. */
export type MessageTransport = SctpTransport | TcpTransport;
