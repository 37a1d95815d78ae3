import type { EnrpMessage } from '@rserpool/wire';
import { Alarm } from '../alarm.ts';
import type { RegistrarCore } from '../registrar-core.ts';
import type { EnrpLink } from './enrp-link.ts';
import type { Peer } from './peer.ts';
import type { PeerList } from './peer-list.ts';
import type { PeerMonitor } from './peer-monitor.ts';
import type { Presences } from './presence.ts';
import type { TakenElements } from './taken-elements.ts';

/** ENRP_INIT_TAKEOVER is sent so often to those that do not acknowledge it; then they do not count any more. */
const maxAttempts = 3;

/** This registrar's attempt to take over a dead peer. */
interface Arbitration {
  readonly target: Peer;
  /** Peers that have not acknowledged yet. */
  readonly awaited: Set<number>;
  readonly alarm: Alarm;
  attempts: number;
}

/**
 * Takeover of dead peers (RFC 5353 section 3.5). The arbitration is won when every peer but the target has acknowledged: at once where
 * there is none. Three things go beyond the RFC, so that no takeover hangs: a peer that dies meanwhile is not awaited
 * any more; nor is one that lives but does not answer (RSPLIB, whose order of identifiers is reversed) after three requests;
 * and who has given way to another registrar watches the target again when that registrar does not finish.
 */
export class Takeovers {
  readonly #core: RegistrarCore;
  readonly #peers: PeerList;
  readonly #presences: Presences;
  readonly #monitor: PeerMonitor;
  readonly #elements: TakenElements;
  readonly #arbitrations = new Map<number, Arbitration>();

  constructor(
    core: RegistrarCore,
    peers: PeerList,
    presences: Presences,
    monitor: PeerMonitor,
    elements: TakenElements,
  ) {
    this.#core = core;
    this.#peers = peers;
    this.#presences = presences;
    this.#monitor = monitor;
    this.#elements = elements;
  }

  /** A peer is dead. */
  peerDead(peer: Peer): void {
    const { handlespace, settings, statistics } = this.#core;
    const elements = handlespace.ownedCount(peer.id);
    if (elements === 0) {
      this.#peers.drop(peer, 'dead');
      return;
    }
    peer.state = 'target';
    statistics.takeoversStarted++;
    settings.onEvent({ type: 'takeover-started', targetId: peer.id, elements });
    this.#peerNotAwaited(peer.id);
    const arbitration = {
      target: peer,
      awaited: new Set<number>(),
      alarm: new Alarm(this.#core.host),
      attempts: 0,
    };
    for (const { id, state } of this.#peers.all()) {
      if (state === 'active' || state === 'suspect') arbitration.awaited.add(id);
    }
    this.#arbitrations.set(peer.id, arbitration);
    this.#peers.broadcast(this.#message('init-takeover', 0, peer.id));
    this.#proceed(arbitration);
  }

  /** The peer left the list, or is dead itself. */
  peerGone(peer: Peer): void {
    this.#cancel(peer.id);
    this.#peerNotAwaited(peer.id);
  }

  /** A message of a peer has come that was not active: a takeover of it was a mistake (RFC 5353 section 3.5.1). */
  targetAlive(peer: Peer): void {
    if (this.#cancel(peer.id)) {
      this.#core.settings.onEvent({ type: 'takeover-cancelled', targetId: peer.id });
    }
  }

  /** ENRP_INIT_TAKEOVER. */
  requested(peer: Peer, link: EnrpLink, targetId: number): void {
    if (targetId === this.#core.id) {
      this.#presences.announce();
      return;
    }
    if (targetId === peer.id) return;
    const isOwnAttempt = this.#arbitrations.has(targetId);
    if (isOwnAttempt && peer.id < this.#core.id) return;
    if (isOwnAttempt) {
      this.#cancel(targetId);
      this.#core.settings.onEvent({ type: 'takeover-cancelled', targetId });
    }
    const target = this.#peers.get(targetId);
    if (target !== undefined) this.#leaveToOther(target);
    link.send(this.#message('init-takeover-ack', peer.id, targetId));
  }

  /** ENRP_INIT_TAKEOVER_ACK. */
  acknowledged(peer: Peer, targetId: number): void {
    const arbitration = this.#arbitrations.get(targetId);
    if (arbitration === undefined) {
      this.#core.statistics.unexpectedMessages++;
      return;
    }
    if (arbitration.awaited.delete(peer.id) && arbitration.awaited.size === 0) this.#win(arbitration);
  }

  /** ENRP_TAKEOVER_SERVER. Who is said to be taken over, but lives, shows that; the audits then settle whose the elements are. */
  announced(peer: Peer, targetId: number): void {
    if (targetId === this.#core.id) {
      this.#presences.announce();
      return;
    }
    if (targetId === peer.id) return;
    const target = this.#peers.get(targetId);
    if (target !== undefined) this.#peers.drop(target, 'taken-over');
    this.#elements.give(targetId, peer.id);
  }

  close(): void {
    for (const { alarm } of this.#arbitrations.values()) alarm.cancel();
  }

  #proceed(arbitration: Arbitration): void {
    const { awaited, alarm, target } = arbitration;
    if (awaited.size === 0 || arbitration.attempts >= maxAttempts) {
      this.#win(arbitration);
      return;
    }
    if (arbitration.attempts > 0) {
      for (const id of awaited) {
        const peer = this.#peers.get(id);
        if (peer !== undefined) this.#peers.send(peer, this.#message('init-takeover', id, target.id));
      }
    }
    arbitration.attempts++;
    alarm.set(this.#core.settings.timers.takeoverRetryMs, () => this.#proceed(arbitration));
  }

  #win(arbitration: Arbitration): void {
    const { target } = arbitration;
    this.#cancel(target.id);
    this.#core.statistics.takeovers++;
    this.#peers.drop(target, 'taken-over');
    this.#peers.broadcast(this.#message('takeover-server', 0, target.id));
    this.#elements.give(target.id, this.#core.id);
  }

  /** RFC 5353 section 3.5.1: the target is not monitored any more; but not for ever, the other one may die as well. */
  #leaveToOther(target: Peer): void {
    target.state = 'inactive';
    target.alarm.set(this.#core.settings.timers.takeoverWatchMs, () => this.#monitor.suspect(target));
  }

  #peerNotAwaited(id: number): void {
    for (const arbitration of [...this.#arbitrations.values()]) {
      if (arbitration.awaited.delete(id) && arbitration.awaited.size === 0) this.#win(arbitration);
    }
  }

  #cancel(targetId: number): boolean {
    this.#arbitrations.get(targetId)?.alarm.cancel();
    return this.#arbitrations.delete(targetId);
  }

  #message(
    type: 'init-takeover' | 'init-takeover-ack' | 'takeover-server',
    receiverId: number,
    targetId: number,
  ): EnrpMessage {
    return { type, senderId: this.#core.id, receiverId, targetId };
  }
}
