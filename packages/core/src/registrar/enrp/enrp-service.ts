import { CauseCode } from '@rserpool/wire';
import type { EnrpMessage, HandleUpdate, MessageTransport, Presence } from '@rserpool/wire';
import { credibleTransport } from '../addresses.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { Audit } from './audit.ts';
import type { EnrpLink } from './enrp-link.ts';
import type { HandleTables } from './handle-table.ts';
import type { UpdateReceiver } from './handle-update.ts';
import type { Introductions } from './introductions.ts';
import type { ListExchange } from './list-exchange.ts';
import type { MentorHunt } from './mentor-hunt.ts';
import type { Peer } from './peer.ts';
import type { PeerElements } from './peer-elements.ts';
import type { PeerList } from './peer-list.ts';
import type { Presences } from './presence.ts';
import { tablePageReceived } from './table-order.ts';
import type { TakeoverSuggestions } from './takeover-suggestion.ts';
import type { Takeovers } from './takeover.ts';

export interface EnrpParts {
  readonly peers: PeerList;
  readonly introductions: Introductions;
  readonly presences: Presences;
  readonly lists: ListExchange;
  readonly tables: HandleTables;
  readonly updates: UpdateReceiver;
  readonly peerElements: PeerElements;
  readonly suggestions: TakeoverSuggestions;
  readonly audit: Audit;
  readonly takeovers: Takeovers;
  readonly mentorHunt: MentorHunt;
}

/** Finds out whose an ENRP message is, and takes it to the procedure that handles it. */
export class EnrpService {
  readonly #core: RegistrarCore;
  readonly #parts: EnrpParts;

  constructor(core: RegistrarCore, parts: EnrpParts) {
    this.#core = core;
    this.#parts = parts;
  }

  receive(link: EnrpLink, message: EnrpMessage): void {
    if (!this.#isCredible(link, message)) {
      this.#refuse(link, message);
      return;
    }
    const { introductions, mentorHunt, peers } = this.#parts;
    if (!link.isBound) {
      if (link.peerId !== message.senderId) peers.replaced(link);
      link.peerId = message.senderId;
      link.isBound = true;
      introductions.answered(link);
    }
    const peer = peers.heard(message.senderId, link);
    if (peer === undefined) {
      this.#core.statistics.channelsRefused++;
      link.channel.abort();
      return;
    }
    mentorHunt.linkFound(link);
    if (!this.#dispatch(peer, link, message)) {
      this.#core.statistics.unexpectedMessages++;
      this.#core.host.log('debug', 'ENRP message not expected', { type: message.type, senderId: peer.id });
    }
  }

  /** A message on the ENRP server channel. Only presences belong there. */
  announced(message: EnrpMessage, source: MessageTransport): void {
    const { introductions, peers, presences } = this.#parts;
    if (message.senderId === this.#core.id || message.senderId === 0) return;
    if (message.type !== 'presence') {
      this.#core.statistics.unexpectedMessages++;
      return;
    }
    const peer = peers.get(message.senderId);
    if (peer?.state === 'active') {
      peers.refreshed(peer);
      if (message.replyRequired) presences.tell(peer, false);
      return;
    }
    if (peer !== undefined) peers.refreshed(peer);
    introductions.introduce(credibleTransport(message.server?.transport ?? source, source.addresses));
  }

  /** Identifiers must be those of the association: nobody speaks for another registrar, or to another one. */
  #isCredible(link: EnrpLink, message: EnrpMessage): boolean {
    const { senderId, receiverId } = message;
    if (senderId === 0 || senderId === this.#core.id) return false;
    if (receiverId !== 0 && receiverId !== this.#core.id) return false;
    return !link.isBound || link.peerId === senderId;
  }

  #refuse(link: EnrpLink, message: EnrpMessage): void {
    const { senderId, receiverId, type } = message;
    this.#core.statistics.identifiersRefused++;
    this.#core.host.log('debug', 'ENRP identifiers refused', { senderId, receiverId, peerId: link.peerId });
    if (senderId === this.#core.id && link.openedTo !== undefined) {
      this.#parts.introductions.answeredBySelf(link);
    }
    if (link.hasReportedError || type === 'error') return;
    link.hasReportedError = true;
    link.send({
      type: 'error',
      senderId: this.#core.id,
      receiverId: link.peerId ?? 0,
      causes: [{ code: CauseCode.invalidValues, data: new Uint8Array() }],
    });
  }

  /** @returns false for a message that nobody waits for */
  #dispatch(peer: Peer, link: EnrpLink, message: EnrpMessage): boolean {
    const { audit, lists, mentorHunt, tables, takeovers } = this.#parts;
    switch (message.type) {
      case 'presence':
        this.#presence(peer, link, message);
        return true;
      case 'handle-table-request':
        tables.requested(link, message);
        return true;
      case 'handle-table-response':
        tablePageReceived(this.#core, link, message.more);
        return mentorHunt.pageReceived(link, message) || audit.pageReceived(peer, link, message);
      case 'handle-update':
        this.#update(peer, message);
        return true;
      case 'list-request':
        lists.requested(link, message);
        return true;
      case 'list-response':
        return mentorHunt.listReceived(link, message) || lists.received(peer, message);
      case 'init-takeover':
        takeovers.requested(peer, link, message.targetId);
        return true;
      case 'init-takeover-ack':
        takeovers.acknowledged(peer, message.targetId);
        return true;
      case 'takeover-server':
        takeovers.announced(peer, message.targetId);
        return true;
      case 'error':
        this.#core.statistics.errorsReceived++;
        this.#core.host.log('info', 'ENRP error received', { codes: message.causes.map(({ code }) => code) });
        return true;
    }
  }

  #presence(peer: Peer, link: EnrpLink, message: Presence): void {
    const { audit, peerElements, presences } = this.#parts;
    if (message.server?.registrarId === peer.id) {
      peer.transport = credibleTransport(message.server.transport, link.channel.remote.addresses);
    }
    if (message.replyRequired) presences.answer(link);
    peerElements.delayMeasured(peer);
    audit.presence(peer, link, message.checksum);
  }

  #update(peer: Peer, message: HandleUpdate): void {
    const isTaken = this.#parts.updates.received(peer, message);
    if (isTaken && message.takeoverSuggested) {
      this.#parts.suggestions.suggested(peer, message.poolHandle, message.element.elementId);
    }
  }
}
