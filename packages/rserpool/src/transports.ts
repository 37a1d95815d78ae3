import type { TransportPort } from '@rserpool/core';
import {
  SctpKernelTransport,
  SctpRawTransport,
  SctpUdpTransport,
  TcpTransport,
  TransportError,
  TransportSet,
} from '@rserpool/transport';
import type {
  TlsTransportOptions,
  TransportLimits,
  TransportLog,
  TransportTiming,
} from '@rserpool/transport';
import { parseAddress } from './address.ts';
import type { UdpPort } from './address.ts';
import { ErrorCode, RSerPoolError } from './rserpool-error.ts';
import type { SctpKind, TransportChoice } from './transport-choice.ts';

/** What is particular to a component's own endpoints. */
export interface EndpointOptions {
  /** ASAP without framing over TCP too. Default false. */
  readonly acceptBareAsap?: boolean;
  /** Limits of the transports that differ from their defaults. */
  readonly limits?: Partial<TransportLimits>;
  /** Of own SCTP endpoints. Default 'same', so that each process of a machine has its own. */
  readonly udpPort?: UdpPort;
  /** Of other SCTP endpoints, by `address:port`; it may grow. Of those that are not in it, the UDP port is found out. */
  readonly peerUdpPorts?: ReadonlyMap<string, number>;
}

export interface TransportsOptions extends EndpointOptions {
  readonly log: TransportLog;
  readonly timing?: Partial<TransportTiming>;
  readonly tls?: TlsTransportOptions;
}

/** @throws RSerPoolError invalid-argument for options out of range, transport-unavailable */
export async function openTransports(
  choice: TransportChoice,
  options: TransportsOptions,
): Promise<TransportPort> {
  try {
    const tcp = new TcpTransport(options); // with `tls` it is TLS
    if (choice.sctp === undefined) return tcp;
    return new TransportSet([
      ['sctp', await openSctp(choice.sctp, options)],
      ['tcp', tcp],
    ]);
  } catch (cause) {
    if (!(cause instanceof TransportError)) throw cause;
    const isUnavailable = cause.code === 'unavailable' || cause.code === 'permission-denied';
    const code = isUnavailable ? ErrorCode.transportUnavailable : ErrorCode.invalidArgument;
    throw new RSerPoolError(code, isUnavailable ? `${choice.sctp}: ${cause.message}` : cause.message, {
      cause,
    });
  }
}

async function openSctp(kind: SctpKind, options: TransportsOptions): Promise<TransportPort> {
  const { peerUdpPorts, ...others } = options;
  switch (kind) {
    case 'sctp-kernel':
      return SctpKernelTransport.open(others);
    case 'sctp-udp':
      return new SctpUdpTransport({
        ...others,
        ...(peerUdpPorts === undefined ? {} : { peerUdpPorts: { known: peerUdpPorts } }),
      });
    case 'sctp-raw':
      return SctpRawTransport.open(others);
  }
}

/**
 * The UDP port that own addresses name.
 * @param addresses by the option that has them
 * @throws RSerPoolError invalid-argument when they differ: a component has one, that of each SCTP port or the same for all
 */
export function udpPortOf(
  addresses: Readonly<Record<string, string | readonly string[] | undefined>>,
): Pick<EndpointOptions, 'udpPort'> {
  const given = Object.entries(addresses).flatMap(([what, texts = []]) =>
    [texts].flat().map((text) => parseAddress(text, what).udpPort),
  );
  const [udpPort, ...others] = new Set(given.filter((port) => port !== undefined));
  if (udpPort === undefined) return {};
  if (others.length === 0) return { udpPort };
  const what = Object.keys(addresses).join(', ');
  const text = `${what}: expected one and the same ?udp=, got ${[udpPort, ...others].join(' and ')}`;
  throw new RSerPoolError(ErrorCode.invalidArgument, text);
}
