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
import { WellKnownPort, addressText, resolveAddress } from './address.ts';
import { openAsapGroup, openEnrpGroup } from './announcements.ts';
import type { AnnounceOptions } from './announcements.ts';
import { given } from './client-options.ts';
import { LateAcceptor } from './late-acceptor.ts';
import { Network, randomIdentifier } from './network.ts';
import type { NetworkOptions } from './network.ts';
import type { Log } from './node-host.ts';
import { registrarState } from './registrar-state.ts';
import type { RegistrarState } from './registrar-state.ts';

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
  /** Where pool elements and users connect to. Default 127.0.0.1:3863 (3864 with TLS); port 0 chooses one. */
  readonly asap?: string;
  /** Where other registrars connect to. Default 127.0.0.1:9901 (9902 with TLS); port 0 chooses one. */
  readonly enrp?: string;
  /** Behind port forwarding: what clients (`asap`, by announces) and other registrars (`enrp`) are told in place of the above. */
  readonly advertise?: { readonly asap?: string; readonly enrp?: string };
  /** ENRP addresses of other registrars. */
  readonly peers?: readonly string[];
  /** Announce this registrar to clients, and find other registrars, by multicast. Default: no. */
  readonly announce?: AnnounceOptions;
  /** Policies of the application's own, beside the standard ones. */
  readonly policies?: readonly PolicyDefinition[];
}

interface Parts {
  readonly network: Network;
  readonly asap: Endpoint;
  readonly enrp: Endpoint;
  /** As others reach the endpoints. */
  readonly asapTransport: MessageTransport;
  readonly enrpTransport: MessageTransport;
  readonly peers: readonly MessageTransport[];
  readonly registrarId: number;
}

/** A registrar: serves pool elements and users, replicates the handlespace with its peers, takes over from those that die. */
export class Registrar extends EventEmitter<{ event: [event: RegistrarEvent] }> {
  /** This registrar's identifier. */
  readonly id: number;
  /** `host:port` for pool elements and pool users. */
  readonly asapAddress: string;
  /** `host:port` for other registrars. */
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
    this.asapAddress = addressText(asap.local);
    this.enrpAddress = addressText(enrp.local);
    this.#endpoints = [asap, enrp];
    const host = Object.assign(network.host, {
      connectAsap: network.connector(asapCodec),
      connectEnrp: network.connector(enrpCodec(registrarId)),
      announceAsap: (message: ServerAnnounce) => this.#asapGroup?.send(encodeAsap(message, profile)),
      announceEnrp: (message: Presence) => this.#enrpGroup?.send(encodeEnrp(message, profile)),
    });
    this.engine = new RegistrarEngine(host, {
      registrarId,
      asapTransports: [parts.asapTransport],
      enrpTransport: parts.enrpTransport,
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

  /** Binds both endpoints and joins its peers. @throws RSerPoolError listen-failed, invalid-argument */
  static async start(options: RegistrarOptions = {}): Promise<Registrar> {
    const { asapChannels, maxBufferedBytes } = { ...defaultRegistrarLimits, ...options.limits };
    const network = new Network(options, {
      acceptBareAsap: true,
      limits: { maxAssociationsPerEndpoint: asapChannels, maxBufferedBytes },
    });
    const registrarId = options.registrarId ?? randomIdentifier(network.host);
    const ports =
      options.tls === undefined
        ? { asap: WellKnownPort.asap, enrp: WellKnownPort.enrp }
        : { asap: WellKnownPort.asapOverTls, enrp: WellKnownPort.enrpOverTls };
    const peers = await Promise.all(
      (options.peers ?? []).map((text) => resolveAddress(text, ports.enrp, 'peers')),
    );
    const asapAcceptor = new LateAcceptor<AsapMessage>();
    const enrpAcceptor = new LateAcceptor<EnrpMessage>();
    const asapLocal = await resolveAddress(options.asap ?? '127.0.0.1', ports.asap, 'asap');
    const enrpLocal = await resolveAddress(options.enrp ?? '127.0.0.1', ports.enrp, 'enrp');
    const advertised = await resolveAdvertised(options.advertise);
    const asap = await network.listenChannels(asapLocal, asapCodec, asapAcceptor.accept);
    const enrp = await network
      .listenChannels(enrpLocal, enrpCodec(registrarId), enrpAcceptor.accept)
      .catch((thrown: unknown) => {
        asap.close();
        throw thrown;
      });
    const transports = {
      asapTransport: advertised.asap ?? asap.local,
      enrpTransport: advertised.enrp ?? enrp.local,
    };
    const registrar = new Registrar({ network, asap, enrp, ...transports, peers, registrarId }, options);
    asapAcceptor.serve(registrar.engine.acceptAsap);
    enrpAcceptor.serve(registrar.engine.acceptEnrp);
    if (options.announce !== undefined) await registrar.#joinGroups(options.announce, network.host.log);
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

  async #joinGroups(announce: AnnounceOptions, log: Log): Promise<void> {
    const { engine } = this;
    this.#asapGroup = await openAsapGroup(announce, log, (message) => engine.asapAnnounced(message));
    this.#enrpGroup = await openEnrpGroup(announce, log, (message, source) =>
      engine.enrpAnnounced(message, source),
    );
  }
}

async function resolveAdvertised({ asap, enrp }: NonNullable<RegistrarOptions['advertise']> = {}): Promise<{
  readonly asap: MessageTransport | undefined;
  readonly enrp: MessageTransport | undefined;
}> {
  return {
    asap: asap === undefined ? undefined : await resolveAddress(asap, 0, 'advertise.asap'),
    enrp: enrp === undefined ? undefined : await resolveAddress(enrp, 0, 'advertise.enrp'),
  };
}
