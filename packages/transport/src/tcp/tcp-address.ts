import { isIP } from 'node:net';
import type { MessageTransport, TcpTransport } from '@rserpool/wire';
import { ipAddressOf } from '../ip-address.ts';

/** Where to connect or to bind. */
export interface TcpTarget {
  readonly host: string;
  readonly port: number;
}

/** What node:net needs of a TCP transport; a text that says what is wrong with any other. */
export function tcpTarget(transport: MessageTransport): TcpTarget | string {
  if (transport.protocol !== 'tcp') return `expected protocol tcp, got ${transport.protocol}`;
  const host = transport.addresses[0];
  if (host === undefined || transport.addresses.length !== 1)
    return `expected one address, got ${transport.addresses.length}`;
  if (isIP(host) === 0) return `expected an IP address, got ${JSON.stringify(host)}`;
  const { port } = transport;
  if (!Number.isInteger(port) || port < 0 || port > 0xffff)
    return `expected a port from 0 to 65535, got ${port}`;
  return { host, port };
}

/**
 * A TCP transport for what node:net tells of a socket. Its use is 'data-control', since the framing carries a control channel
 * beside the data.
 */
export function tcpTransportOf(address: string | undefined, port: number | undefined): TcpTransport {
  return {
    protocol: 'tcp',
    port: port ?? 0,
    use: 'data-control',
    addresses: [ipAddressOf(address ?? '0.0.0.0')],
  };
}
