import type { AsapMessage, EnrpMessage, MessageTransport, ServerAnnounce } from '@rserpool/wire';
import { Handlespace } from '../handlespace/handlespace.ts';
import type { ChannelAcceptor } from '../port/channel.ts';
import { AsapSide } from './asap/asap-side.ts';
import { ElementChanges } from './element-changes.ts';
import type { PeerState } from './enrp/peer.ts';
import { EnrpSide } from './enrp/enrp-side.ts';
import type { RegistrarCore } from './registrar-core.ts';
import type { RegistrarHost } from './registrar-host.ts';
import { registrarSettings } from './registrar-options.ts';
import type { RegistrarOptions } from './registrar-options.ts';
import { RegistrarStatistics } from './registrar-statistics.ts';

/** An entry of the peer list, to look at. */
export interface PeerView {
  readonly registrarId: number;
  readonly state: PeerState;
  /** undefined until the peer told. */
  readonly transport: MessageTransport | undefined;
  readonly lastHeardMs: number;
  readonly roundTripTimeMs: number | undefined;
  readonly ownedElements: number;
}

/**
 * A registrar (ENRP server): it keeps the handlespace together with its peers, and serves pool elements and users. No
 * I/O: the host gives it channels, time and randomness.
 */
export class RegistrarEngine {
  readonly #core: RegistrarCore;
  readonly #asap: AsapSide;
  readonly #enrp: EnrpSide;

  /** @throws RangeError for an invalid registrar identifier */
  constructor(host: RegistrarHost, options: RegistrarOptions) {
    const settings = registrarSettings(options);
    const { limits, policies, registrarId } = settings;
    this.#core = {
      host,
      settings,
      id: registrarId,
      handlespace: new Handlespace({
        host,
        limits,
        policies,
        onExpired: (element) => changes.left(element, 'expired'),
      }),
      statistics: new RegistrarStatistics(),
      phase: 'initializing',
    };
    const changes = new ElementChanges(this.#core, {
      announceAdd: (element) => this.#enrp.updates.add(element),
      announceDelete: (element) => this.#enrp.updates.delete(element),
      poolChanged: (poolHandle) => this.#asap.subscriptions.poolChanged(poolHandle),
      left: (element, reason) => this.#asap.elementLeft(element, reason),
    });
    this.#asap = new AsapSide(this.#core, changes, ({ poolHandle, element }) =>
      this.#enrp.suggestions.elementRegistered(poolHandle, element.elementId),
    );
    this.#enrp = new EnrpSide(this.#core, changes, this.#asap, (mentorId) => this.#serve(mentorId));
  }

  get id(): number {
    return this.#core.id;
  }

  /** `initializing` until the handlespace is loaded; `stopped` for good. */
  get phase(): RegistrarCore['phase'] {
    return this.#core.phase;
  }

  /** To look at; only the engine changes it. */
  get handlespace(): Handlespace {
    return this.#core.handlespace;
  }

  get statistics(): RegistrarStatistics {
    return this.#core.statistics;
  }

  /** Takes associations of pool elements and users, from before `start` on; what they ask waits for the initialization. */
  get acceptAsap(): ChannelAcceptor<AsapMessage, AsapMessage> {
    return this.#asap.links.accept;
  }

  /** Takes associations of peers. */
  get acceptEnrp(): ChannelAcceptor<EnrpMessage, EnrpMessage> {
    return this.#enrp.links.accept;
  }

  /** Whether a registrar is in the peer list, in whatever state. */
  hasPeer(registrarId: number): boolean {
    return this.#enrp.peers.get(registrarId) !== undefined;
  }

  peers(): PeerView[] {
    return Array.from(this.#enrp.peers.all(), (peer) => ({
      registrarId: peer.id,
      state: peer.state,
      transport: peer.transport,
      lastHeardMs: peer.lastHeardMs,
      roundTripTimeMs: peer.link?.channel.roundTripTimeMs(),
      ownedElements: this.#core.handlespace.ownedCount(peer.id),
    }));
  }

  /** Begins the initialization (RFC 5353 section 3.2). To be called once. */
  start(): void {
    this.#enrp.start();
  }

  /**
   * Leaves. No message says so in ENRP: elements lose their associations and register with another registrar at once, and peers
   * take over what is left when the associations to this registrar do not come back.
   */
  stop(): void {
    if (this.#core.phase === 'stopped') return;
    this.#core.phase = 'stopped';
    this.#asap.stop();
    this.#enrp.stop();
    this.#core.handlespace.close();
  }

  /** A message on the ENRP server channel was heard. */
  enrpAnnounced(message: EnrpMessage, source: MessageTransport): void {
    if (this.#core.phase !== 'stopped') this.#enrp.service.announced(message, source);
  }

  /** A registrar's announcement to clients was heard. */
  asapAnnounced(message: ServerAnnounce): void {
    this.#asap.announcer.heard(message);
  }

  #serve(mentorId: number | undefined): void {
    this.#core.phase = 'serving';
    this.#core.host.log('info', 'registrar serving', { mentorId });
    this.#core.settings.onEvent({ type: 'serving', mentorId });
    this.#enrp.serve();
    this.#asap.serve();
  }
}
