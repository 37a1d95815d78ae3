import { associationAcceptor, channelConnector, codecChannelDefaults } from '@rserpool/core';
import type {
  ChannelAcceptor,
  ChannelConnector,
  CodecChannelOptions,
  Endpoint,
  MessageCodec,
  TransportPort,
} from '@rserpool/core';
import { TransportError } from '@rserpool/transport';
import type { TransportTiming } from '@rserpool/transport';
import type { IpAddress, MessageTransport, Profile } from '@rserpool/wire';
import { WellKnownPort, addressText, lookUpHosts, parseAddress, wrongAddress } from './address.ts';
import type { Scheme, UdpPort } from './address.ts';
import { given } from './given.ts';
import { NodeHost, silent } from './node-host.ts';
import type { Log } from './node-host.ts';
import { ErrorCode, RSerPoolError } from './rserpool-error.ts';
import { chooseTransport, defaultScheme, schemeOf, whyNotSpoken } from './transport-choice.ts';
import type { TransportChoice, TransportOptions } from './transport-choice.ts';
import { openTransports } from './transports.ts';
import type { EndpointOptions } from './transports.ts';

/** What everything that talks has in common. */
export interface NetworkOptions extends TransportOptions {
  /** Where log lines go. Default: nowhere. */
  readonly log?: Log;
  /** How to speak to peers that have not yet shown how they speak. Default 'rfc'. */
  readonly profile?: Profile;
  /** Heartbeats and time-outs of associations. Defaults: the transport's. */
  readonly timing?: Partial<TransportTiming>;
}

/** What an address is for, and so which port it has where it names none. */
export type AddressUse = 'asap' | 'enrp' | 'any port';

interface Parts {
  readonly host: NodeHost;
  readonly transport: TransportPort;
  readonly choice: TransportChoice;
  readonly udpPort: UdpPort;
  readonly peerUdpPorts: Map<string, number>;
  readonly profile: Profile;
}

/** The real world, ready for engines. */
export class Network {
  readonly host: NodeHost;
  readonly transport: TransportPort;
  readonly #choice: TransportChoice;
  readonly #udpPort: UdpPort;
  readonly #peerUdpPorts: Map<string, number>;
  readonly #channelOptions: CodecChannelOptions;

  private constructor({ host, transport, choice, udpPort, peerUdpPorts, profile }: Parts) {
    this.host = host;
    this.transport = transport;
    this.#choice = choice;
    this.#udpPort = udpPort;
    this.#peerUdpPorts = peerUdpPorts;
    this.#channelOptions = { ...codecChannelDefaults, host, profile };
  }

  /** @throws RSerPoolError invalid-argument for options out of range or that do not fit together, transport-unavailable */
  static async open(options: NetworkOptions, endpoints: EndpointOptions = {}): Promise<Network> {
    const { log = silent, profile = codecChannelDefaults.profile } = options;
    const { udpPort = 'same' } = endpoints;
    const choice = chooseTransport(options);
    const peerUdpPorts = new Map(endpoints.peerUdpPorts);
    const transport = await openTransports(choice, {
      ...given(options, ['tls', 'timing']),
      ...endpoints,
      peerUdpPorts,
      log,
    });
    return new Network({ host: new NodeHost(log), transport, choice, udpPort, peerUdpPorts, profile });
  }

  /** Behind which UDP ports the SCTP endpoints are that were resolved, by `address:port`: for another network that meets them. */
  get peerUdpPorts(): ReadonlyMap<string, number> {
    return this.#peerUdpPorts;
  }

  /** Tells, in one line, what was chosen and why. */
  logChoice(component: string): void {
    const { name, reason, sctp, tcp } = this.#choice;
    const speaks = sctp === undefined ? tcp : `${sctp}, ${tcp}`;
    this.host.log('info', 'transport chosen', { component, transport: name, reason, speaks });
  }

  /**
   * What an address text means here: see {@link parseAddress}. Host names are looked up.
   * @param what names the option in error messages
   * @param like a text without a scheme has that of this; default: of the chosen transport
   * @throws RSerPoolError invalid-argument
   */
  async resolve(
    text: string,
    what: string,
    use: AddressUse,
    like?: MessageTransport,
  ): Promise<MessageTransport> {
    const address = parseAddress(text, what);
    const scheme = address.scheme ?? this.#schemeLike(like);
    const obstacle = whyNotSpoken(this.#choice, scheme);
    if (obstacle !== undefined)
      throw new RSerPoolError(ErrorCode.invalidArgument, `${what}: '${text}' cannot be used: ${obstacle}`);
    if (scheme !== 'sctp' && address.hosts.length > 1)
      throw wrongAddress(what, 'one host, for only SCTP endpoints have several', text);
    if (address.udpPort !== undefined && (scheme !== 'sctp' || this.#choice.sctp !== 'sctp-udp'))
      throw wrongAddress(what, 'no ?udp=, which is for SCTP in UDP (sctp-udp)', text);
    const port = address.port ?? standardPort(use, scheme);
    const addresses = await lookUpHosts(address, what);
    if (typeof address.udpPort === 'number') {
      for (const host of addresses)
        this.#peerUdpPorts.set(addressText({ addresses: [host], port }), address.udpPort);
    }
    return messageTransport(scheme, port, addresses);
  }

  /** An endpoint of the chosen transport, or of one that another has, at these addresses; TCP takes the first of them. */
  transportAt(addresses: readonly IpAddress[], port: number, like?: MessageTransport): MessageTransport {
    const scheme = this.#schemeLike(like);
    return messageTransport(scheme, port, scheme === 'sctp' ? addresses : addresses.slice(0, 1));
  }

  /** An address as {@link resolve} reads it. */
  addressOf(transport: MessageTransport): string {
    const scheme = schemeOf(this.#choice, transport);
    const udp = scheme === 'sctp' && this.#udpPort !== 'same' ? `?udp=${this.#udpPort}` : '';
    return `${scheme}://${addressText(transport)}${udp}`;
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

  /** @param from from whose port SCTP associations are opened; default: from any */
  connector<M>(codec: MessageCodec<M>, from?: Endpoint): ChannelConnector<M, M> {
    const connect: TransportPort['connect'] = (remote, handler) =>
      remote.protocol === 'sctp' && from?.local.protocol === 'sctp'
        ? from.connect(remote, handler)
        : this.transport.connect(remote, handler);
    return channelConnector(connect, codec, this.#channelOptions);
  }

  #schemeLike(like: MessageTransport | undefined): Scheme {
    return like === undefined ? defaultScheme(this.#choice) : schemeOf(this.#choice, like);
  }
}

function messageTransport(scheme: Scheme, port: number, addresses: readonly IpAddress[]): MessageTransport {
  return { protocol: scheme === 'sctp' ? 'sctp' : 'tcp', port, use: 'data', addresses };
}

function standardPort(use: AddressUse, scheme: Scheme): number {
  switch (use) {
    case 'asap':
      return scheme === 'tls' ? WellKnownPort.asapOverTls : WellKnownPort.asap;
    case 'enrp':
      return scheme === 'tls' ? WellKnownPort.enrpOverTls : WellKnownPort.enrp;
    case 'any port':
      return 0;
  }
}

/** A random identifier: not 0, unsigned 32 bit (RFC 5352 section 3.1, RFC 5353 section 3.2.1). */
export function randomIdentifier(host: NodeHost): number {
  return host.randomUint32() || 1;
}
