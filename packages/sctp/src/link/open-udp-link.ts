import { UdpLink } from './udp-link.ts';
import type { UdpLinkOptions } from './udp-link.ts';
import { conventionsBeside, registeredUdpPort } from './udp-ports.ts';
import type { UdpPortConvention } from './udp-ports.ts';

export interface OpenUdpLinkOptions extends Omit<UdpLinkOptions, 'udpPort'> {
  /** SCTP port; 0, the default, for any that is free. */
  readonly port?: number;
  /** `same` as the SCTP port: the link is for one endpoint, and others on this machine can have theirs. Default: 9899. */
  readonly udpPort?: UdpPortConvention;
}

/** A link, and an SCTP port for an endpoint on it. @throws SctpError as UdpLink */
export function openUdpLink(options: OpenUdpLinkOptions): { readonly link: UdpLink; readonly port: number } {
  const { port = 0, udpPort = registeredUdpPort } = options;
  const link = new UdpLink({
    ...options,
    udpPort: udpPort === 'same' ? port : udpPort,
    peerUdpPorts: { conventions: conventionsBeside(udpPort), ...options.peerUdpPorts },
  });
  if (port !== 0) return { link, port };
  return { link, port: udpPort === 'same' ? link.udpPort : link.allocatePort() };
}
