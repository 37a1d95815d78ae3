import type { TransportPort } from '@rserpool/core';
import { SctpUdpTransport, TcpTransport, TransportError, TransportSet } from '@rserpool/transport';
import type {
  TlsTransportOptions,
  TransportLimits,
  TransportLog,
  TransportTiming,
} from '@rserpool/transport';
import { parseAddress } from './address.ts';
import type { UdpPort } from './address.ts';
import { ErrorCode, RSerPoolError } from './rserpool-error.ts';
import type { TransportChoice } from './transport-choice.ts';

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

/** @throws RSerPoolError invalid-argument: options out of range, a transport that this machine does not have */
export function openTransports(choice: TransportChoice, options: TransportsOptions): TransportPort {
  try {
    const tcp = new TcpTransport(options); // with `tls` it is TLS
    if (choice.sctp === undefined) return tcp;
    return new TransportSet([
      ['sctp', openSctp(choice.sctp, options)],
      ['tcp', tcp],
    ]);
  } catch (cause) {
    if (!(cause instanceof TransportError)) throw cause;
    throw new RSerPoolError(ErrorCode.invalidArgument, cause.message, { cause });
  }
}

function openSctp(kind: NonNullable<TransportChoice['sctp']>, options: TransportsOptions): TransportPort {
  const { peerUdpPorts, ...others } = options;
  switch (kind) {
    case 'sctp-udp':
      return new SctpUdpTransport({
        ...others,
        ...(peerUdpPorts === undefined ? {} : { peerUdpPorts: { known: peerUdpPorts } }),
      });
    case 'sctp-kernel':
    case 'sctp-raw':
      throw new TransportError('unsupported', `${kind}: not yet`);
  }
}

/**
 * The UDP port that own addresses name.
 * @param what names their option in the error message
 * @throws RSerPoolError invalid-argument when they differ: a component has one, that of each SCTP port or the same for all
 */
export function udpPortOf(
  addresses: readonly (string | undefined)[],
  what: string,
): Pick<EndpointOptions, 'udpPort'> {
  const given = addresses.flatMap((text) => (text === undefined ? [] : [parseAddress(text, what).udpPort]));
  const [udpPort, ...others] = new Set(given.filter((port) => port !== undefined));
  if (udpPort === undefined) return {};
  if (others.length === 0) return { udpPort };
  const text = `${what}: expected one and the same ?udp=, got ${[udpPort, ...others].join(' and ')}`;
  throw new RSerPoolError(ErrorCode.invalidArgument, text);
}
