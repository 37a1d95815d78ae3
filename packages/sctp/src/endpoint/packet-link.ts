/** Where packets to a peer go: one of its IP addresses, and the UDP port behind which its SCTP is. */
export interface PathAddress {
  /** IPv4 dotted or IPv6 in canonical text (RFC 5952). */
  readonly address: string;
  /** UDP port of the encapsulation (RFC 6951); 0 where there is none. */
  readonly udpPort: number;
}

/** What carries packets: UDP encapsulation, raw IP, memory. It calls {@link SctpEndpoint.receive} with what arrives. */
export interface PacketLink {
  /** The addresses that packets can be sent from and are received at; exactly these are announced to peers. */
  readonly localAddresses: readonly string[];
  /** Sends, or loses it: never throws. The packet is the link's from now on. */
  send(packet: Uint8Array, localAddress: string, remote: PathAddress): void;
  /**
   * The UDP ports to try, in this order, for a peer that has not been heard yet: each retransmission of an INIT takes the next.
   * @param port the peer's SCTP port
   */
  udpPortsToTry(address: string, port: number): readonly [number, ...number[]];
  /** What the link has been told of a peer's address. Absent, or undefined: nothing, and it is as with the address that was heard first. */
  knownUdpPort?(address: string, port: number): number | undefined;
  /** The largest SCTP packet, common header included, that fits one IP packet to that address. */
  maxPacketBytes(address: string): number;
}
