import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { IpAddress } from '@rserpool/wire';
import { ErrorCode, RSerPoolError } from './rserpool-error.ts';

/** Registered ports, of SCTP and of TCP (RFC 5352 section 8.2, RFC 5353 section 5.3). */
export const WellKnownPort = { asap: 3863, asapOverTls: 3864, enrp: 9901, enrpOverTls: 9902 } as const;

const schemes = ['sctp', 'tcp', 'tls'] as const;
/** What stands before `://` in an address. */
export type Scheme = (typeof schemes)[number];

/** Where the SCTP packets of an endpoint travel in UDP (RFC 6951): at this UDP port, or at the `same` as its SCTP port. */
export type UdpPort = number | 'same';

/** An address as users write it: `[scheme://]host[,host...][:port][?udp=port]`. */
export interface Address {
  /** Undefined: of the transport that was chosen. */
  readonly scheme: Scheme | undefined;
  /** Names or IP addresses; several of a multi-homed SCTP endpoint. */
  readonly hosts: readonly [string, ...string[]];
  readonly port: number | undefined;
  readonly udpPort: UdpPort | undefined;
}

/**
 * Reads `host:port`, `host`, `[2001:db8::1]:port`, an IPv6 address alone, and with a scheme `tcp://host:port` or
 * `sctp://10.0.0.1,10.1.0.1:3863?udp=9899`.
 * @param what names the option in the error message
 * @throws RSerPoolError invalid-argument
 */
export function parseAddress(text: string, what: string): Address {
  const [, schemeText, place = '', query] = /^(?:([^:/?]*):\/\/)?([^?]*)(?:\?(.*))?$/s.exec(text) ?? [];
  const scheme = schemes.find((known) => known === schemeText);
  if (schemeText !== undefined && scheme === undefined)
    throw wrongAddress(what, 'host:port, or one that begins with sctp://, tcp:// or tls://', text);
  const udpPort = query === undefined ? undefined : readQuery(query);
  if (query !== undefined && udpPort === undefined)
    throw wrongAddress(what, '?udp=same or ?udp= with a port from 1 to 65535 at its end', text);
  const { hosts, port } = readPlace(place);
  const [first, ...others] = hosts;
  if (first === undefined || (port ?? 0) > 0xffff) throw wrongAddress(what, 'host:port', text);
  return { scheme, hosts: [first, ...others], port, udpPort };
}

/** @returns no hosts when the text is not `host[,host...][:port]` */
function readPlace(text: string): { readonly hosts: readonly string[]; readonly port: number | undefined } {
  if (isIP(text) === 6) return { hosts: [text], port: undefined };
  const [, hostsText = '', portText] = /^(.*?)(?::(\d{1,5}))?$/s.exec(text) ?? [];
  const matches = hostsText.split(',').map((host) => /^(?:\[([^[\]]+)\]|([^\s:[\]]+))$/.exec(host));
  const hosts = matches.flatMap((match) => match?.[1] ?? match?.[2] ?? []);
  return {
    hosts: hosts.length === matches.length ? hosts : [],
    port: portText === undefined ? undefined : Number(portText),
  };
}

function readQuery(query: string): UdpPort | undefined {
  if (query === 'udp=same') return 'same';
  const port = Number(/^udp=(\d{1,5})$/.exec(query)?.[1] ?? 0);
  return port > 0 && port <= 0xffff ? port : undefined;
}

/** @throws RSerPoolError invalid-argument: a host name that is unknown */
export async function lookUpHosts({ hosts }: Address, what: string): Promise<readonly IpAddress[]> {
  return await Promise.all(
    hosts.map(async (host) => {
      if (isIP(host) !== 0) return host;
      try {
        return (await lookup(host)).address;
      } catch (cause) {
        const text = `${what}: host name '${host}' is unknown`;
        throw new RSerPoolError(ErrorCode.invalidArgument, text, { cause });
      }
    }),
  );
}

/** `host:port` of a transport address, for people and logs; several addresses with commas between. */
export function addressText(transport: {
  readonly addresses: readonly string[];
  readonly port: number;
}): string {
  const hosts = transport.addresses.map((address) => (address.includes(':') ? `[${address}]` : address));
  return `${hosts.join(',')}:${transport.port}`;
}

export function wrongAddress(what: string, expected: string, got: string): RSerPoolError {
  return new RSerPoolError(ErrorCode.invalidArgument, `${what}: expected ${expected}, got '${got}'`);
}
