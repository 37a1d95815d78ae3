import { RegistrarEngine } from '@rserpool/core';
import type { RegistrarHost, RegistrarOptions } from '@rserpool/core';
import type { AsapMessage, EnrpMessage } from '@rserpool/wire';
import type { PoolWorld } from './pool-world.ts';
import { tappedAcceptor, tappedConnector } from './tapped-channel.ts';
import type { WiringEnd } from './wiring.ts';
import { WorldProcess } from './world-process.ts';
import type { ProcessOptions } from './world-process.ts';

/** IANA's ports for ASAP (RFC 5352 section 8.2) and ENRP (RFC 5353 section 5.3) over SCTP. */
export const asapPort = 3863;
export const enrpPort = 9901;

export interface RegistrarProcessOptions
  extends
    ProcessOptions,
    Partial<Omit<RegistrarOptions, 'registrarId' | 'asapTransports' | 'enrpTransports' | 'peers'>> {
  readonly registrarId: number;
  /** Hosts of the configured peers. */
  readonly peers: readonly string[];
}

/** A registrar: the shipped engine, listening on the ports of ASAP and ENRP. */
export class RegistrarProcess extends WorldProcess {
  readonly kind = 'registrar';
  readonly options: RegistrarProcessOptions;
  readonly engine: RegistrarEngine;

  constructor(world: PoolWorld, name: string, options: RegistrarProcessOptions) {
    super(world, name, options);
    this.options = options;
    const asapEnd = this.asapEnd;
    const enrpEnd = this.enrpEnd(options.registrarId);
    this.engine = new RegistrarEngine(this.#engineHost(asapEnd, enrpEnd), {
      ...options,
      asapTransports: [this.transport(asapPort)],
      enrpTransports: [this.transport(enrpPort)],
      peers: options.peers.map((peer) => world.transport(peer, enrpPort)),
      onEvent: (event) => {
        options.onEvent?.(event);
        this.emit(event);
      },
    });
    this.#listen(asapEnd, enrpEnd);
    this.engine.start();
  }

  #engineHost(asapEnd: WiringEnd<AsapMessage>, enrpEnd: WiringEnd<EnrpMessage>): RegistrarHost {
    const { asap, enrp, observers } = this.world;
    return Object.assign(this.host, {
      connectAsap: tappedConnector(this.asapTap, asap.connector(asapEnd)),
      connectEnrp: tappedConnector(this.enrpTap, enrp.connector(enrpEnd)),
      announceAsap: (message: AsapMessage) => {
        for (const observer of observers) observer.onAsapAnnounced?.(this, message);
        asap.announce(asapEnd, message);
      },
      announceEnrp: (message: EnrpMessage) => {
        if (this.options.multicast !== true) return;
        for (const observer of observers) observer.onEnrpAnnounced?.(this, message);
        enrp.announce(enrpEnd, message);
      },
    });
  }

  #listen(asapEnd: WiringEnd<AsapMessage>, enrpEnd: WiringEnd<EnrpMessage>): void {
    const { asap, enrp } = this.world;
    const { engine } = this;
    asap.listen(asapEnd, this.transport(asapPort), tappedAcceptor(this.asapTap, engine.acceptAsap));
    enrp.listen(enrpEnd, this.transport(enrpPort), tappedAcceptor(this.enrpTap, engine.acceptEnrp));
    asap.join(asapEnd, (message) => {
      if (message.type === 'server-announce') engine.asapAnnounced(message);
    });
    if (this.options.multicast !== true) return;
    enrp.join(enrpEnd, (message, address) =>
      engine.enrpAnnounced(message, { protocol: 'sctp', port: enrpPort, use: 'data', addresses: [address] }),
    );
  }
}
