import type { MessageTransport } from '@rserpool/wire';
import { transportKey } from '../../port/transport-key.ts';
import { sameEndpoint } from '../addresses.ts';
import { Alarm, jittered } from '../alarm.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { RegistrarSettings } from '../registrar-options.ts';
import type { EnrpLink } from './enrp-link.ts';
import type { EnrpLinks } from './enrp-links.ts';
import type { PeerList } from './peer-list.ts';
import type { Presences } from './presence.ts';

/** A peer from the configuration: connected to again and again, whoever answers there. */
interface StaticPeer {
  readonly transport: MessageTransport;
  readonly alarm: Alarm;
  link: EnrpLink | undefined;
  pauseMs: number;
  /** It turned out to be this registrar itself: all may have the same list of peers. */
  isSelf: boolean;
}

/**
 * First contacts with registrars: configured ones, those that were heard on the ENRP server channel, and those in a peer's
 * list. Each is asked for its presence and becomes a peer when it answers, so that dead ones do not go round in lists for ever.
 */
export class Introductions {
  readonly #core: RegistrarCore;
  readonly #links: EnrpLinks;
  readonly #peers: PeerList;
  readonly #presences: Presences;
  readonly #static: readonly StaticPeer[];
  /** Contacts that have not answered, by transport. */
  readonly #pending = new Map<string, EnrpLink>();

  constructor(core: RegistrarCore, links: EnrpLinks, peers: PeerList, presences: Presences) {
    const { host, settings } = core;
    this.#core = core;
    this.#links = links;
    this.#peers = peers;
    this.#presences = presences;
    this.#static = settings.peers
      .filter((transport) => !isOwn(settings, transport))
      .map((transport) => ({
        transport,
        alarm: new Alarm(host),
        link: undefined,
        pauseMs: settings.timers.reconnectMinMs,
        isSelf: false,
      }));
  }

  /** Contacts with configured peers that are being tried for the first time or again. */
  get isConnecting(): boolean {
    return this.#static.some(({ link }) => link !== undefined && !link.isUp);
  }

  start(): void {
    for (const peer of this.#static) this.#connect(peer);
  }

  stop(): void {
    for (const { alarm } of this.#static) alarm.cancel();
  }

  /** A registrar that is said to be at `transport`; nothing happens when it is known or being asked. */
  introduce(transport: MessageTransport): void {
    const key = transportKey(transport);
    if (this.#isKnown(transport) || this.#pending.has(key) || this.#isStatic(transport)) return;
    if (this.#pending.size >= this.#core.settings.limits.peers) return;
    const link = this.#links.open(transport);
    if (link === undefined) return;
    this.#pending.set(key, link);
    this.#presences.askOn(link);
    this.#core.host.setTimer(this.#core.settings.timers.maxTimeNoResponseMs, () => {
      if (this.#pending.get(key) !== link) return;
      this.#pending.delete(key);
      link.channel.abort();
    });
  }

  /** Somebody has answered on an association. */
  answered(link: EnrpLink): void {
    if (link.openedTo === undefined) return;
    this.#forget(link);
    const contact = this.#static.find((peer) => peer.link === link);
    if (contact !== undefined) contact.pauseMs = this.#core.settings.timers.reconnectMinMs;
  }

  /** This registrar itself has answered: it is reached by an address that it does not know as its own. */
  answeredBySelf(link: EnrpLink): void {
    const contact = this.#static.find((peer) => peer.link === link);
    if (contact !== undefined) contact.isSelf = true;
    link.channel.abort();
  }

  linkDown(link: EnrpLink): void {
    if (link.openedTo === undefined) return;
    this.#forget(link);
    const contact = this.#static.find((peer) => peer.link === link);
    if (contact === undefined) return;
    contact.link = undefined;
    if (!contact.isSelf) this.#connectLater(contact);
  }

  /** A peer is gone: whoever is at its configured place may be its next incarnation. */
  peerDropped(transport: MessageTransport | undefined): void {
    for (const contact of this.#static) {
      if (contact.link !== undefined || contact.isSelf || transport === undefined) continue;
      if (sameEndpoint(contact.transport, transport)) this.#connectLater(contact);
    }
  }

  #connect(contact: StaticPeer): void {
    const { timers } = this.#core.settings;
    if (this.#isKnown(contact.transport)) {
      contact.pauseMs = timers.reconnectMinMs;
      contact.alarm.set(timers.reconnectMaxMs, () => this.#connect(contact));
      return;
    }
    contact.link = this.#links.open(contact.transport);
    if (contact.link === undefined) this.#connectLater(contact);
    else this.#presences.askOn(contact.link);
  }

  #connectLater(contact: StaticPeer): void {
    const { host, settings } = this.#core;
    contact.alarm.set(jittered(host, contact.pauseMs, 0.25), () => this.#connect(contact));
    contact.pauseMs = Math.min(2 * contact.pauseMs, settings.timers.reconnectMaxMs);
  }

  /** A configured peer that is being connected to, or connected. */
  #isStatic(transport: MessageTransport): boolean {
    return this.#static.some((peer) => peer.link !== undefined && sameEndpoint(peer.transport, transport));
  }

  #isKnown(transport: MessageTransport): boolean {
    if (isOwn(this.#core.settings, transport)) return true;
    for (const peer of this.#peers.all()) {
      if (peer.transport !== undefined && sameEndpoint(peer.transport, transport)) return true;
    }
    return false;
  }

  #forget(link: EnrpLink): void {
    const key = link.openedTo === undefined ? '' : transportKey(link.openedTo);
    if (this.#pending.get(key) === link) this.#pending.delete(key);
  }
}

function isOwn({ enrpTransports }: RegistrarSettings, transport: MessageTransport): boolean {
  return enrpTransports.some((own) => sameEndpoint(own, transport));
}
