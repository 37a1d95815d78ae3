import type { MessageTransport } from '../parameters/transport.ts';

/** ASAP_SERVER_ANNOUNCE (RFC 5352 section 2.2.10), registrar to everyone by multicast. */
export interface ServerAnnounce {
  readonly type: 'server-announce';
  readonly registrarId: number;
  /** Empty: SCTP at the datagram's source address (RFC: registered port; RSPLIB: source port). */
  readonly transports: readonly MessageTransport[];
}
