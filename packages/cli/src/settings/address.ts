import { isIP } from 'node:net';

/** A host (name or IP address) and a port. */
export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `host:port`, `host`, `:port`, `[2001:db8::1]:port` or an IPv6 address alone.
 * @throws Error that says what was expected and what was given
 */
export function parseAddress(text: string, standard: HostAndPort): HostAndPort {
  if (isIP(text) === 6) return { host: text, port: standard.port };
  const match = /^(?:\[([\da-f:.]+)\]|([^\s:[\]]*))(?::(\d{1,5}))?$/i.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? standard.port : Number(match[3]);
  if (text === '' || host === undefined || port > 0xffff)
    throw new Error(`expected host:port, got '${text}'`);
  return { host: host === '' ? standard.host : host, port };
}

/** `host:port`, with brackets around an IPv6 address. */
export function hostAndPortText({ host, port }: HostAndPort): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
