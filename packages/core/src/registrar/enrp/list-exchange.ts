import type { ListRequest, ListResponse, ServerInformation } from '@rserpool/wire';
import { Alarm, jittered } from '../alarm.ts';
import { elementBytesPerMessage, transportBytes } from '../message-size.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { EnrpLink } from './enrp-link.ts';
import type { Introductions } from './introductions.ts';
import type { Peer } from './peer.ts';
import type { PeerList } from './peer-list.ts';

/** Type, length and identifier (RFC 5354 section 3.11). */
const serverHeaderBytes = 8;

/**
 * Lists of peers (RFC 5353 sections 3.2.2.2, 2.5 and 2.6). Beyond the RFC they are asked for from every new peer and from
 * a random one now and then: after a partition, all registrars get to know each other again, though each may have found one only.
 */
export class ListExchange {
  readonly #core: RegistrarCore;
  readonly #peers: PeerList;
  readonly #introductions: Introductions;
  readonly #cycle: Alarm;
  /** Who was asked and has not answered. */
  readonly #asked = new Set<number>();

  constructor(core: RegistrarCore, peers: PeerList, introductions: Introductions) {
    this.#core = core;
    this.#peers = peers;
    this.#introductions = introductions;
    this.#cycle = new Alarm(core.host);
  }

  /** Asks a random peer now and then. */
  start(): void {
    const { host, settings } = this.#core;
    this.#cycle.set(jittered(host, settings.timers.listExchangeMs, 0.25), () => {
      this.askAnyone();
      this.start();
    });
  }

  stop(): void {
    this.#cycle.cancel();
  }

  ask(peer: Peer): void {
    this.#asked.add(peer.id);
    this.#peers.send(peer, { type: 'list-request', senderId: this.#core.id, receiverId: peer.id });
  }

  askAnyone(): void {
    const active = [...this.#peers.all()].filter(({ state }) => state === 'active');
    const peer = active[this.#core.host.randomUint32() % Math.max(1, active.length)];
    if (peer !== undefined) this.ask(peer);
  }

  requested(link: EnrpLink, message: ListRequest): void {
    const rejected = this.#core.phase !== 'serving';
    link.send({
      type: 'list-response',
      senderId: this.#core.id,
      receiverId: message.senderId,
      rejected,
      servers: rejected ? [] : this.#servers(message.senderId),
    });
  }

  /** @returns false when the peer was not asked */
  received(peer: Peer, message: ListResponse): boolean {
    if (!this.#asked.delete(peer.id)) return false;
    for (const { registrarId, transport } of message.servers) {
      if (registrarId !== this.#core.id && this.#peers.get(registrarId)?.state !== 'active') {
        this.#introductions.introduce(transport);
      }
    }
    return true;
  }

  peerDropped(peer: Peer): void {
    this.#asked.delete(peer.id);
  }

  /** Only those that live, or dead ones would be handed on for ever. */
  #servers(askerId: number): ServerInformation[] {
    const servers: ServerInformation[] = [];
    let roomBytes = elementBytesPerMessage;
    for (const { id, state, transport } of this.#peers.all()) {
      if (id === askerId || state !== 'active' || transport === undefined) continue;
      roomBytes -= serverHeaderBytes + transportBytes(transport);
      if (roomBytes < 0) break; // there are no pages; who is left out is heard of from others
      servers.push({ registrarId: id, transport });
    }
    return servers;
  }
}
