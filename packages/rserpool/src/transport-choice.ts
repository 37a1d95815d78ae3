import type { TlsTransportOptions } from '@rserpool/transport';
import type { MessageTransport } from '@rserpool/wire';
import type { Scheme } from './address.ts';
import { ErrorCode, RSerPoolError } from './rserpool-error.ts';

/** What the option `transport` takes. */
export const transportNames = ['auto', 'sctp-udp', 'sctp-kernel', 'sctp-raw', 'tcp', 'tls'] as const;
export type TransportName = (typeof transportNames)[number];

/** How SCTP packets get onto the network: in UDP, by the operating system's SCTP, or as IP packets made here. */
export type SctpKind = Extract<TransportName, `sctp-${string}`>;

/** Which transports a component speaks. */
export interface TransportChoice {
  /** What it speaks where nobody says anything else. */
  readonly name: Exclude<TransportName, 'auto'>;
  /** Why, for the log. */
  readonly reason: string;
  /** What addresses get that are an SCTP endpoint's; undefined: they are not spoken to. */
  readonly sctp: SctpKind | undefined;
  /** What addresses get that are a TCP endpoint's. */
  readonly tcp: 'tcp' | 'tls';
}

export interface TransportOptions {
  /**
   * How to talk where an address does not say it. 'auto', the default: TLS when `tls` is given, else SCTP in UDP, which needs no
   * rights. The operating system's SCTP and raw sockets are used when they are named here only.
   */
  readonly transport?: TransportName;
  /** TLS for every TCP connection, opened and accepted. */
  readonly tls?: TlsTransportOptions;
}

/**
 * An address on the wire says SCTP or TCP and no more, so a component has one kind of each. With TLS it does not speak SCTP, which
 * is not encrypted, unless that is named.
 * @throws RSerPoolError invalid-argument: a transport and TLS options that do not fit
 */
export function chooseTransport({ transport = 'auto', tls }: TransportOptions): TransportChoice {
  if (!transportNames.includes(transport))
    throw wrongTransport(`expected one of ${transportNames.join(', ')}, got '${transport}'`);
  const hasTls = tls !== undefined;
  if (transport === 'tcp' && hasTls)
    throw wrongTransport(`expected 'tls' or 'auto' where there are TLS options, got 'tcp'`);
  if (transport === 'tls' && !hasTls)
    throw wrongTransport(`'tls' expects TLS options (tls), which say whom to trust and as whom to appear`);
  if (transport === 'auto')
    return hasTls
      ? { name: 'tls', reason: 'TLS options are given', sctp: undefined, tcp: 'tls' }
      : { name: 'sctp-udp', reason: 'the default', sctp: 'sctp-udp', tcp: 'tcp' };
  const reason = 'as the option transport says';
  if (transport === 'tls') return { name: transport, reason, sctp: undefined, tcp: 'tls' };
  const sctp = transport === 'tcp' ? 'sctp-udp' : transport;
  return { name: transport, reason, sctp, tcp: hasTls ? 'tls' : 'tcp' };
}

/** The scheme of the addresses that have none. */
export function defaultScheme({ name }: TransportChoice): Scheme {
  return name === 'tcp' || name === 'tls' ? name : 'sctp';
}

/** The scheme of an address that came over the wire. */
export function schemeOf({ tcp }: TransportChoice, { protocol }: Pick<MessageTransport, 'protocol'>): Scheme {
  return protocol === 'sctp' ? 'sctp' : tcp;
}

/** @returns what to do; undefined when the scheme is spoken */
export function whyNotSpoken({ sctp, tcp }: TransportChoice, scheme: Scheme): string | undefined {
  if (scheme === 'sctp')
    return sctp === undefined
      ? `SCTP is not encrypted, but TLS is chosen: set transport to 'sctp-udp' to speak both`
      : undefined;
  if (scheme === tcp) return undefined;
  return scheme === 'tls' ? 'TLS options (tls) are missing' : 'with TLS options, TCP is spoken with TLS only';
}

function wrongTransport(text: string): RSerPoolError {
  return new RSerPoolError(ErrorCode.invalidArgument, `transport: ${text}`);
}
