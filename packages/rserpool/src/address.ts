import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { TcpTransport } from '@rserpool/wire';
import { ErrorCode, RSerPoolError } from './rserpool-error.ts';

/** Registered ports (RFC 5352 section 8.2, RFC 5353 section 5.3). */
export const WellKnownPort = { asap: 3863, asapOverTls: 3864, enrp: 9901, enrpOverTls: 9902 } as const;

/**
 * Reads `host:port`, `host`, `[2001:db8::1]:port` or an IPv6 address alone; a host name is looked up.
 * @param what names the option in the error message
 * @throws RSerPoolError invalid-argument
 */
export async function resolveAddress(text: string, defaultPort: number, what: string): Promise<TcpTransport> {
  const { host, port } = splitAddress(text, defaultPort, what);
  if (isIP(host) !== 0) return { protocol: 'tcp', port, use: 'data', addresses: [host] };
  try {
    const { address } = await lookup(host);
    return { protocol: 'tcp', port, use: 'data', addresses: [address] };
  } catch (cause) {
    throw new RSerPoolError(ErrorCode.invalidArgument, `${what}: host name '${host}' is unknown`, { cause });
  }
}

function splitAddress(text: string, defaultPort: number, what: string): { host: string; port: number } {
  if (isIP(text) === 6) return { host: text, port: defaultPort };
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  if (host === undefined || port > 0xffff) {
    throw new RSerPoolError(ErrorCode.invalidArgument, `${what}: expected host:port, got '${text}'`);
  }
  return { host, port };
}

/** `host:port` of a transport address, for people and logs. */
export function addressText(transport: {
  readonly addresses: readonly string[];
  readonly port: number;
}): string {
  const hosts = transport.addresses.map((address) => (address.includes(':') ? `[${address}]` : address));
  return `${hosts.join(',')}:${transport.port}`;
}
