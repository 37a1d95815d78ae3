import { associationAcceptor, channelConnector, codecChannelDefaults } from '@rserpool/core';
import type {
  ChannelAcceptor,
  ChannelConnector,
  CodecChannelOptions,
  Endpoint,
  MessageCodec,
  TransportPort,
} from '@rserpool/core';
import { TcpTransport, TransportError } from '@rserpool/transport';
import type {
  TcpTransportOptions,
  TlsTransportOptions,
  TransportLimits,
  TransportTiming,
} from '@rserpool/transport';
import type { MessageTransport, Profile } from '@rserpool/wire';
import { NodeHost, silent } from './node-host.ts';
import type { Log } from './node-host.ts';
import { ErrorCode, RSerPoolError } from './rserpool-error.ts';

/** What everything that talks has in common. */
export interface NetworkOptions {
  /** Where log lines go. Default: nowhere. */
  readonly log?: Log;
  /** How to speak to peers that have not yet shown how they speak. Default 'rfc'. */
  readonly profile?: Profile;
  /** TLS for every association, opened and accepted. Default: plain TCP. */
  readonly tls?: TlsTransportOptions;
  /** Heartbeats and time-outs of associations. Defaults: the transport's. */
  readonly timing?: Partial<TransportTiming>;
}

/** What an endpoint takes. */
interface EndpointOptions {
  /** ASAP without framing too. Default false. */
  readonly acceptBareAsap?: boolean;
  /** Limits of the transport that differ from its defaults. */
  readonly limits?: Partial<TransportLimits>;
}

/** The real world, ready for engines. */
export class Network {
  readonly host: NodeHost;
  readonly transport: TransportPort;
  readonly #channelOptions: CodecChannelOptions;

  /** @throws RSerPoolError invalid-argument for timing or limits out of range */
  constructor(options: NetworkOptions, special: EndpointOptions = {}) {
    const { log = silent, profile = codecChannelDefaults.profile, tls, timing } = options;
    this.host = new NodeHost(log);
    this.transport = newTransport({
      ...(tls === undefined ? {} : { tls }),
      ...(timing === undefined ? {} : { timing }),
      ...special,
      log,
    });
    this.#channelOptions = { ...codecChannelDefaults, host: this.host, profile };
  }

  /** @throws RSerPoolError listen-failed */
  async listen(local: MessageTransport, accept: Parameters<TransportPort['listen']>[1]): Promise<Endpoint> {
    try {
      return await this.transport.listen(local, accept);
    } catch (cause) {
      const text = cause instanceof TransportError ? cause.message : 'cannot listen';
      throw new RSerPoolError(ErrorCode.listenFailed, text, { cause });
    }
  }

  /** Like {@link listen}, for typed messages. */
  listenChannels<M>(
    local: MessageTransport,
    codec: MessageCodec<M>,
    accept: ChannelAcceptor<M, M>,
  ): Promise<Endpoint> {
    return this.listen(local, associationAcceptor(accept, codec, this.#channelOptions));
  }

  connector<M>(codec: MessageCodec<M>): ChannelConnector<M, M> {
    const connect: TransportPort['connect'] = (remote, handler) => this.transport.connect(remote, handler);
    return channelConnector(connect, codec, this.#channelOptions);
  }
}

function newTransport(options: TcpTransportOptions): TransportPort {
  try {
    return new TcpTransport(options);
  } catch (cause) {
    if (!(cause instanceof TransportError)) throw cause;
    throw new RSerPoolError(ErrorCode.invalidArgument, cause.message, { cause });
  }
}

/** A random identifier: not 0, unsigned 32 bit (RFC 5352 section 3.1, RFC 5353 section 3.2.1). */
export function randomIdentifier(host: NodeHost): number {
  return host.randomUint32() || 1;
}
