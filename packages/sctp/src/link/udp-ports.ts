import { SctpError } from '../sctp-error.ts';

/** What RFC 6951 section 5.1 registers, and Linux peers use. */
export const registeredUdpPort = 9899;

/** The UDP port for an SCTP port: that number, or `same` as the SCTP port. */
export type UdpPortConvention = number | 'same';

/** Behind which UDP ports peers are that have not been heard yet; of those that have, the port is known from their packets. */
export interface PeerUdpPorts {
  /**
   * What is known: from `192.0.2.7` or `2001:db8::7`, or with the SCTP port `192.0.2.7:3868` or `[2001:db8::7]:3868`, which goes first, to
   * the UDP port. Read anew for each association, so it may change.
   */
  readonly known?: ReadonlyMap<string, number>;
  /** What is tried for all others, one with each transmission of the INIT. Default: {@link conventionsBeside} what the link does itself. */
  readonly conventions?: readonly [UdpPortConvention, ...UdpPortConvention[]];
}

/** What peers of somebody who follows a convention most likely follow: the same, else the other one. */
export function conventionsBeside(own: UdpPortConvention): readonly [UdpPortConvention, UdpPortConvention] {
  return own === 'same' ? ['same', registeredUdpPort] : [registeredUdpPort, 'same'];
}

/** @throws SctpError invalid-argument for what is no port */
export function checkPeerUdpPorts({ known, conventions }: PeerUdpPorts): void {
  for (const [address, udpPort] of known ?? []) checkUdpPort(`UDP port of ${address}`, udpPort, 1);
  for (const convention of conventions ?? [])
    if (convention !== 'same') checkUdpPort('UDP port of peers', convention, 1);
}

/** @throws SctpError invalid-argument */
export function checkUdpPort(name: string, udpPort: number, least: 0 | 1): void {
  if (Number.isInteger(udpPort) && udpPort >= least && udpPort <= 0xffff) return;
  throw new SctpError(
    'invalid-argument',
    `${name}: expected an integer from ${least} to 65535, got ${udpPort}`,
  );
}

/** What `known` says of an address. @param port the SCTP port */
export function knownUdpPort({ known }: PeerUdpPorts, address: string, port: number): number | undefined {
  const host = address.includes(':') ? `[${address}]` : address;
  return known?.get(`${host}:${port}`) ?? known?.get(address);
}

/** The UDP ports to try for a peer, each once. @param port its SCTP port */
export function udpPortsToTry(
  peers: PeerUdpPorts,
  address: string,
  port: number,
): readonly [number, ...number[]] {
  const { conventions = conventionsBeside(registeredUdpPort) } = peers;
  const explicit = knownUdpPort(peers, address, port);
  const byConvention = conventions.map((convention) => (convention === 'same' ? port : convention));
  const [first = port, ...others] = new Set(
    explicit === undefined ? byConvention : [explicit, ...byConvention],
  );
  return [first, ...others];
}
