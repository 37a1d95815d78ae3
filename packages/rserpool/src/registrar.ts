import { EventEmitter } from 'node:events';
import {
  PolicyRegistry,
  RegistrarEngine,
  asapCodec,
  defaultRegistrarLimits,
  enrpCodec,
  policyDefinitions,
} from '@rserpool/core';
import type {
  Endpoint,
  PolicyDefinition,
  RegistrarEvent,
  RegistrarOptions as EngineOptions,
} from '@rserpool/core';
import type { AnnounceGroup } from '@rserpool/transport';
import { encodeAsap, encodeEnrp } from '@rserpool/wire';
import type { AsapMessage, EnrpMessage, MessageTransport, Presence, ServerAnnounce } from '@rserpool/wire';
import { openAsapGroup, openEnrpGroup } from './announcements.ts';
import type { AnnounceOptions } from './announcements.ts';
import { given } from './given.ts';
import { Network, randomIdentifier } from './network.ts';
import type { NetworkOptions } from './network.ts';
import { openService } from './registrar-service.ts';
import type { AddressTexts, RegistrarService, ServiceAddresses } from './registrar-service.ts';
import { registrarState } from './registrar-state.ts';
import type { RegistrarState } from './registrar-state.ts';
import { udpPortOf } from './transports.ts';

export interface RegistrarOptions
  extends
    NetworkOptions,
    Partial<
      Pick<
        EngineOptions,
        | 'timers'
        | 'limits'
        | 'checkAddresses'
        | 'maxBadElementReports'
        | 'defaultResolutionItems'
        | 'distanceStepMs'
        | 'takeoverSuggestions'
      >
    > {
  /** 1 to 0xffffffff, unique among the registrars. Default: random (RFC 5353 section 3.2.1). */
  readonly registrarId?: number;
  /**
   * Where pool elements and users connect to, on several transports at once if you like: `['10.0.0.1', 'tcp://10.0.0.1']`.
   * Default 127.0.0.1:3863 (3864 with TLS); port 0 chooses one.
   */
  readonly asap?: AddressTexts;
  /** Where other registrars connect to, likewise. Default 127.0.0.1:9901 (9902 with TLS); port 0 chooses one. */
  readonly enrp?: AddressTexts;
  /** Behind port forwarding: what clients (`asap`, by announces) and other registrars (`enrp`) are told in place of the above. */
  readonly advertise?: ServiceAddresses;
  /** ENRP addresses of other registrars. */
  readonly peers?: readonly string[];
  /** Announce this registrar to clients, and find other registrars, by multicast. Default: no. */
  readonly announce?: AnnounceOptions;
  /** Policies of the application's own, beside the standard ones. */
  readonly policies?: readonly PolicyDefinition[];
}

interface Parts {
  readonly network: Network;
  readonly asap: RegistrarService<AsapMessage>;
  readonly enrp: RegistrarService<EnrpMessage>;
  readonly peers: readonly MessageTransport[];
  readonly registrarId: number;
}

/** A registrar: serves pool elements and users, replicates the handlespace with its peers, takes over from those that die. */
export class Registrar extends EventEmitter<{ event: [event: RegistrarEvent] }> {
  /** This registrar's identifier. */
  readonly id: number;
  /** For pool elements and pool users: `sctp://host:port`, or `tcp` or `tls`; one for each address that it listens at. */
  readonly asapAddresses: readonly string[];
  /** The first of them. */
  readonly asapAddress: string;
  /** The same for other registrars. */
  readonly enrpAddresses: readonly string[];
  readonly enrpAddress: string;
  /** The engine: its handlespace, peers and statistics are there to look at. */
  readonly engine: RegistrarEngine;
  readonly #endpoints: readonly Endpoint[];
  #asapGroup: AnnounceGroup | undefined;
  #enrpGroup: AnnounceGroup | undefined;

  private constructor(parts: Parts, options: RegistrarOptions) {
    super();
    const { network, asap, enrp, peers, registrarId } = parts;
    const { profile = 'rfc', announce } = options;
    this.id = registrarId;
    this.asapAddress = network.addressOf(asap.endpoints[0].local);
    this.asapAddresses = asap.endpoints.map(({ local }) => network.addressOf(local));
    this.enrpAddress = network.addressOf(enrp.endpoints[0].local);
    this.enrpAddresses = enrp.endpoints.map(({ local }) => network.addressOf(local));
    this.#endpoints = [...asap.endpoints, ...enrp.endpoints];
    const host = Object.assign(network.host, {
      connectAsap: network.connector(asapCodec),
      connectEnrp: network.connector(enrpCodec(registrarId)),
      announceAsap: (message: ServerAnnounce) => this.#asapGroup?.send(encodeAsap(message, profile)),
      announceEnrp: (message: Presence) => this.#enrpGroup?.send(encodeEnrp(message, profile)),
    });
    this.engine = new RegistrarEngine(host, {
      registrarId,
      asapTransports: asap.transports,
      enrpTransports: enrp.transports,
      peers,
      multicast: announce !== undefined,
      policies: new PolicyRegistry([...policyDefinitions, ...(options.policies ?? [])]),
      onEvent: (event) => this.emit('event', event),
      ...given(options, [
        'timers',
        'limits',
        'checkAddresses',
        'maxBadElementReports',
        'defaultResolutionItems',
        'distanceStepMs',
        'takeoverSuggestions',
      ]),
    });
  }

  /** Binds all endpoints and joins its peers. @throws RSerPoolError listen-failed, invalid-argument, transport-unavailable */
  static async start(options: RegistrarOptions = {}): Promise<Registrar> {
    const { asapChannels, maxBufferedBytes } = { ...defaultRegistrarLimits, ...options.limits };
    const network = await Network.open(options, {
      acceptBareAsap: true,
      limits: { maxAssociationsPerEndpoint: asapChannels, maxBufferedBytes },
      ...udpPortOf({ asap: options.asap, enrp: options.enrp }),
    });
    network.logChoice('registrar');
    const registrarId = options.registrarId ?? randomIdentifier(network.host);
    const peers = await Promise.all(
      (options.peers ?? []).map((text) => network.resolve(text, 'peers', 'enrp')),
    );
    const asap = await openService(network, 'asap', asapCodec, options);
    const enrp = await openService(network, 'enrp', enrpCodec(registrarId), options).catch(
      (thrown: unknown) => {
        for (const endpoint of asap.endpoints) endpoint.close();
        throw thrown;
      },
    );
    const registrar = new Registrar({ network, asap, enrp, peers, registrarId }, options);
    asap.acceptor.serve(registrar.engine.acceptAsap);
    enrp.acceptor.serve(registrar.engine.acceptEnrp);
    if (options.announce !== undefined) await registrar.#joinGroups(options.announce, network);
    registrar.engine.start();
    return registrar;
  }

  /** All that there is to look at, as plain data. Costs in proportion to the handlespace. */
  get state(): RegistrarState {
    return registrarState(this.engine);
  }

  /** Leaves: elements and peers see their associations end. */
  async stop(): Promise<void> {
    this.engine.stop();
    await new Promise((resolve) => setImmediate(resolve)); // what the engine sent last gets onto the wire
    for (const endpoint of this.#endpoints) endpoint.close();
    this.#asapGroup?.close();
    this.#enrpGroup?.close();
  }

  async #joinGroups(announce: AnnounceOptions, network: Network): Promise<void> {
    const { engine } = this;
    this.#asapGroup = await openAsapGroup(announce, network, (message) => engine.asapAnnounced(message));
    this.#enrpGroup = await openEnrpGroup(announce, network, (message, source) =>
      engine.enrpAnnounced(message, source),
    );
  }
}
